import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditJson, auditText } from './audit-report.ts';
import { auditProfiles, CLAIMED_EPSILON } from './audit-profile.ts';
import { deviceMutants } from './device-subject.ts';
import { isFailed } from './moment-tests.ts';
import { mutants } from './mutants.ts';
import { auditFailures, runAudit, strongestRun, verdictOf } from './run-audit.ts';
import type { AuditReport } from './run-audit.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const required = ['noise-off', 'clipping-off', 'half-noise', 'same-noise-twice', 'fixed-batches'];

function command(program: string, ...args: string[]) {
  const path = `${root}/apps/simulate/src/${program}.ts`;
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    const all = ['--import', 'tsx', path, ...args];
    const child = execFile(process.execPath, all, { cwd: root }, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

const names = [...mutants, ...deviceMutants].map(({ name }) => name);

let report: AuditReport;
beforeAll(async () => {
  report = await runAudit(auditProfiles.small);
}, 300_000);

describe('the audit of the real path', () => {
  it('does not refute the claim, with all examples a step, with Poisson batches, on a real device', () => {
    const { runs } = report.honest;
    expect(runs.map(({ canaries, guesses }) => [canaries, guesses])).toEqual([
      [200, 40],
      [200, 40],
      [100, 40], // a real device on the embedded model
    ]);
    for (const { lowerBound } of runs) expect(lowerBound).toBeLessThanOrEqual(CLAIMED_EPSILON);
  });

  it('finds nothing wrong with the releases', () => {
    expect(report.honest.moments.filter(isFailed)).toEqual([]);
    // None of the tests is one that cannot fail.
    for (const { name } of report.honest.moments) {
      const caught = report.mutants.filter(({ moments }) =>
        moments.some((test) => test.name === name && isFailed(test)),
      );
      expect(caught.length, name).toBeGreaterThan(0);
    }
  });

  it.each(names)('catches %s', (name) => {
    const mutant = report.mutants.find((audited) => audited.name === name)!;
    expect(verdictOf(mutant, CLAIMED_EPSILON)).toMatchObject({ name, caught: true });
  });

  it('has the mutants that it was asked for, and refutes the claim of a build without noise', () => {
    expect(mutants.map(({ name }) => name)).toEqual(expect.arrayContaining(required));
    const silent = report.mutants.find(({ name }) => name === 'noise-off')!;
    // All 40 guesses right: privacy.md's table says 2.55 for m = 200, r = 40.
    expect(strongestRun(silent).lowerBound).toBeCloseTo(2.55, 2);
    expect(verdictOf(silent, CLAIMED_EPSILON).by).toBe('lower-bound');
  });

  it('passes, and says so in one line of JSON', () => {
    expect(auditFailures(report)).toEqual([]);
    const { lowerBound, correct, canaries } = strongestRun(report.honest);
    const verdicts = report.mutants.map((mutant) => verdictOf(mutant, CLAIMED_EPSILON));
    expect(JSON.parse(auditJson(report))).toEqual({
      claimedEpsilon: 2,
      lowerBound,
      canaries,
      guesses: 40,
      correct,
      mutants: verdicts,
    });
    expect(auditText(report)).toContain('the audit passes');
  });
});

describe('the teeth of the audit', () => {
  it.each(names)('fails where %s is what contributors run', (name) => {
    const planted = report.mutants.find((audited) => audited.name === name)!;
    const failures = auditFailures({ ...report, honest: planted, mutants: [] });
    expect(failures.length).toBeGreaterThan(0);
  });

  it('fails where a fault is planted before it starts', async () => {
    const planted = mutants.find(({ name }) => name === 'half-noise')!;
    const others = { mutants: [], deviceMutants: [] };
    const planting = await runAudit(auditProfiles.small, { honest: planted, ...others });
    expect(auditFailures(planting).join()).toContain('variance');
    const { make } = deviceMutants.find(({ name }) => name === 'device-half-noise')!;
    const onDevice = await runAudit(auditProfiles.small, { device: make, ...others });
    expect(auditFailures(onDevice).join()).toContain('device: noise in the update');
  });

  it('fails where a fault is missed', () => {
    const missed = { ...report.honest, name: 'no-fault' };
    const failures = auditFailures({ ...report, mutants: [missed] });
    expect(failures).toEqual(['no-fault was missed']);
    expect(verdictOf(missed, CLAIMED_EPSILON)).toEqual({
      name: 'no-fault',
      caught: false,
      by: null,
    });
  });

  it('ends with 1 where a fault is missed, the verdict still being its last line', async () => {
    const args = ['--profile', 'small', '--json'];
    const { status, stdout, stderr } = await command('testing/audit-that-misses', ...args);
    expect(status).toBe(1);
    expect(stderr).toContain('no-fault was missed');
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { mutants: unknown };
    expect(last.mutants).toEqual([{ name: 'no-fault', caught: false, by: null }]);
  });

  it('ends with 2 for a profile that does not exist', async () => {
    expect((await command('audit', '--profile', 'huge')).status).toBe(2);
  });
});
