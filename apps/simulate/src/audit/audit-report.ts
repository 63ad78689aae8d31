import { ALPHA } from './statistics.ts';
import { isFailed } from './moment-tests.ts';
import { auditFailures, SAMPLED_RATE, strongestRun, verdictOf } from './run-audit.ts';
import type { AuditReport, BuildAudit } from './run-audit.ts';

/** The audit as one line of JSON. */
export function auditJson({ claimedEpsilon, honest, mutants }: AuditReport): string {
  const { lowerBound, canaries, guesses, correct } = strongestRun(honest);
  const verdicts = mutants.map((mutant) => verdictOf(mutant, claimedEpsilon));
  const result = { claimedEpsilon, lowerBound, canaries, guesses, correct, mutants: verdicts };
  return JSON.stringify(result);
}

const subjects = [
  'all examples a step',
  `Poisson batches, q = ${SAMPLED_RATE}`,
  'a device on the embedded model',
];

function runLines({ runs }: BuildAudit): string[] {
  return runs.map(({ lowerBound, correct, guesses, canaries }, i) => {
    const batches = subjects[i] ?? '';
    const bound = `ε ≥ ${lowerBound.toFixed(3)}`;
    return `  ${bound}  (${correct} of ${guesses} guesses right, ${canaries} canaries, ${batches})`;
  });
}

function momentLines({ moments }: BuildAudit): string[] {
  return moments.map((test) => {
    const { name, n, statistic, critical } = test;
    const verdict = isFailed(test) ? 'FAILED' : 'passed';
    const numbers = `${statistic.toFixed(2).padStart(7)} ≤ ${critical.toFixed(2).padStart(5)}`;
    return `  ${name.padEnd(36)} ${numbers}  ${verdict}, n = ${n}`;
  });
}

function mutantLine(mutant: BuildAudit, claimedEpsilon: number): string {
  const { name, by } = verdictOf(mutant, claimedEpsilon);
  const bound = strongestRun(mutant).lowerBound.toFixed(3);
  const failed = mutant.moments.filter(isFailed).map((test) => test.name);
  const seen = failed.length === 0 ? 'no moment test fails' : `fails: ${failed.join(', ')}`;
  return `  ${name.padEnd(28)} ${by ?? 'MISSED'}; ε ≥ ${bound}; ${seen}`;
}

/** The audit in words. */
export function auditText(report: AuditReport): string {
  const { claimedEpsilon, honest, mutants } = report;
  const failures = auditFailures(report);
  const lines = [
    `claimed ε = ${claimedEpsilon}; each bound holds with 95 % confidence`,
    ...runLines(honest),
    '',
    `releases against what they should be; an honest build fails one with probability ${ALPHA}`,
    ...momentLines(honest),
    '',
    'builds with one fault each',
    ...mutants.map((mutant) => mutantLine(mutant, claimedEpsilon)),
    '',
    failures.length === 0 ? 'the audit passes' : `the audit FAILS: ${failures.join('; ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
