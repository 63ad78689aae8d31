import { auditSettings, CLAIMED_EPSILON } from './audit-profile.ts';
import type { AuditProfile } from './audit-profile.ts';
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
  /** One run with all examples at each step, one with Poisson batches. */
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

/** The parts that an audit looks at; a test may put others in their place. */
export interface AuditSubjects {
  readonly honest: AuditedBuild;
  readonly mutants: readonly AuditedBuild[];
}

const builtIn: AuditSubjects = { honest: honestBuild, mutants: allMutants };

/** Audits the honest build and every mutant in the same way. */
export async function runAudit(
  profile: AuditProfile,
  { honest, mutants }: AuditSubjects = builtIn,
  onProgress: (line: string) => void = () => undefined,
): Promise<AuditReport> {
  const all = auditSettings(profile, 1);
  const sampled = auditSettings(profile, SAMPLED_RATE);
  const audit = async (build: AuditedBuild): Promise<BuildAudit> => {
    onProgress(`auditing ${build.name}`);
    const runs = [
      await auditOneRun(build, profile, all),
      await auditOneRun(build, profile, sampled),
    ];
    return { name: build.name, runs, moments: momentTests(build, profile, all, sampled) };
  };
  const audited: BuildAudit[] = [];
  for (const build of [honest, ...mutants]) audited.push(await audit(build));
  return { claimedEpsilon: CLAIMED_EPSILON, honest: audited[0]!, mutants: audited.slice(1) };
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
