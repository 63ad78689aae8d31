import { auditSettings, CLAIMED_EPSILON } from './audit-profile.ts';
import type { AuditProfile } from './audit-profile.ts';
import { auditDevice } from './device-audit.ts';
import {
  deviceMutants as allDeviceMutants,
  openDeviceSubject,
  realTrainer,
} from './device-subject.ts';
import type { MakeTrainer } from './device-subject.ts';
import { honestBuild } from './audited-build.ts';
import type { AuditedBuild } from './audited-build.ts';
import { isFailed, momentTests } from './moment-tests.ts';
import type { MomentTest } from './moment-tests.ts';
import { mutants as allMutants } from './mutants.ts';
import { auditOneRun } from './one-run.ts';
import type { OneRunResult } from './one-run.ts';

/** Rate of the Poisson batches in the sampled runs; the others take all examples at each step. */
export const SAMPLED_RATE = 0.25;

/** Everything that was measured of one build. */
export interface BuildAudit {
  readonly name: string;
  /** Of the parts alone: all examples at each step, and Poisson batches. Of a device: one run. */
  readonly runs: readonly OneRunResult[];
  readonly moments: readonly MomentTest[];
}

export interface MutantVerdict {
  readonly name: string;
  readonly caught: boolean;
  /** What caught it; null where nothing did. */
  readonly by: 'lower-bound' | 'moment-test' | null;
}

export interface AuditReport {
  readonly claimedEpsilon: number;
  readonly honest: BuildAudit;
  readonly mutants: readonly BuildAudit[];
}

/** What an audit looks at; a test may put something else in a place. */
export interface AuditSubjects {
  readonly honest: AuditedBuild;
  readonly mutants: readonly AuditedBuild[];
  /** The trainer of real devices, and others with a fault. */
  readonly device: MakeTrainer;
  readonly deviceMutants: readonly { readonly name: string; readonly make: MakeTrainer }[];
}

const builtIn: AuditSubjects = {
  honest: honestBuild,
  mutants: allMutants,
  device: realTrainer,
  deviceMutants: allDeviceMutants,
};

type Progress = (line: string) => void;

async function auditBuilds(
  profile: AuditProfile,
  builds: readonly AuditedBuild[],
  onProgress: Progress,
): Promise<BuildAudit[]> {
  const all = auditSettings(profile, 1);
  const sampled = auditSettings(profile, SAMPLED_RATE);
  const audited: BuildAudit[] = [];
  for (const build of builds) {
    onProgress(`auditing ${build.name}`);
    const runs = [
      await auditOneRun(build, profile, all),
      await auditOneRun(build, profile, sampled),
    ];
    const moments = momentTests(build, profile, all, sampled);
    audited.push({ name: build.name, runs, moments });
  }
  return audited;
}

async function auditDevices(
  { device, deviceMutants }: AuditSubjects,
  onProgress: Progress,
): Promise<BuildAudit[]> {
  onProgress('measuring the gradients of canaries on the embedded model');
  const subject = await openDeviceSubject();
  const audited: BuildAudit[] = [];
  try {
    for (const { name, make } of [{ name: 'device', make: device }, ...deviceMutants]) {
      onProgress(`auditing ${name}`);
      const { run, moments } = await auditDevice(subject, make);
      audited.push({ name, runs: [run], moments });
    }
  } finally {
    subject.model.dispose();
  }
  return audited;
}

/** Audits the honest build and every mutant in the same way. */
export async function runAudit(
  profile: AuditProfile,
  replaced: Partial<AuditSubjects> = {},
  onProgress: Progress = () => undefined,
): Promise<AuditReport> {
  const subjects = { ...builtIn, ...replaced };
  const builds = [subjects.honest, ...subjects.mutants];
  const [honest, ...mutants] = await auditBuilds(profile, builds, onProgress);
  const [device, ...deviceMutants] = await auditDevices(subjects, onProgress);
  return {
    claimedEpsilon: CLAIMED_EPSILON,
    honest: {
      name: honest!.name,
      runs: [...honest!.runs, ...device!.runs],
      moments: [...honest!.moments, ...device!.moments],
    },
    mutants: [...mutants, ...deviceMutants],
  };
}

/** The run that says most against a build. */
export function strongestRun({ runs }: BuildAudit): OneRunResult {
  return runs.reduce((best, run) => (run.lowerBound > best.lowerBound ? run : best));
}

export function verdictOf(build: BuildAudit, claimedEpsilon: number): MutantVerdict {
  const { name, moments } = build;
  if (strongestRun(build).lowerBound > claimedEpsilon) {
    return { name, caught: true, by: 'lower-bound' };
  }
  const caught = moments.some(isFailed);
  return { name, caught, by: caught ? 'moment-test' : null };
}

/** Why the audit fails, in sentences; empty where the honest build passes and every mutant is caught. */
export function auditFailures({ claimedEpsilon, honest, mutants }: AuditReport): string[] {
  const failures: string[] = [];
  const { lowerBound } = strongestRun(honest);
  if (lowerBound > claimedEpsilon) {
    failures.push(`the lower bound ${lowerBound.toFixed(3)} exceeds the claim ${claimedEpsilon}`);
  }
  for (const { name, statistic, critical } of honest.moments.filter(isFailed)) {
    failures.push(`${name}: ${statistic.toFixed(2)} is above ${critical.toFixed(2)}`);
  }
  for (const mutant of mutants) {
    if (!verdictOf(mutant, claimedEpsilon).caught) failures.push(`${mutant.name} was missed`);
  }
  return failures;
}
