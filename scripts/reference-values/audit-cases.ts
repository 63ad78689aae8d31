import {
  divide,
  exponential,
  multiply,
  ofNumber,
  one,
  toNumber,
  type Fixed,
} from './fixed-point.ts';
import type { ReferenceCase } from './reference-case.ts';

interface Guesses {
  readonly m: number;
  readonly r: number;
  readonly v: number;
  readonly delta: number;
}

/** The p-value from binomial coefficients that are whole numbers. */
function pValue({ m, r, v, delta }: Guesses, epsilon: Fixed): Fixed {
  const right = divide(one, one + exponential(-epsilon));
  const powers = [one];
  const failures = [one];
  for (let k = 1; k <= r; k += 1) {
    powers.push(multiply(powers[k - 1]!, right));
    failures.push(multiply(failures[k - 1]!, one - right));
  }
  let binomial = 1n;
  const masses: Fixed[] = [];
  for (let k = 0; k <= r; k += 1) {
    masses.push(binomial * multiply(powers[k]!, failures[r - k]!));
    binomial = (binomial * BigInt(r - k)) / BigInt(k + 1);
  }
  const tail = masses.slice(v).reduce((sum, mass) => sum + mass, 0n);
  let below = 0n;
  let steepest = 0n;
  for (let i = 1; i <= v; i += 1) {
    below += masses[v - i]!;
    if (below / BigInt(i) > steepest) steepest = below / BigInt(i);
  }
  const total = tail + 2n * BigInt(m) * multiply(ofNumber(delta), steepest);
  return total > one ? one : total;
}

function audit(guesses: Guesses): ReferenceCase {
  const threshold = one / 20n;
  let low = 0n;
  let high = 16n * one;
  if (pValue(guesses, 0n) >= threshold) high = 0n;
  for (let i = 0; i < 70; i += 1) {
    const middle = (low + high) >> 1n;
    if (pValue(guesses, middle) < threshold) low = middle;
    else high = middle;
  }
  return {
    kind: 'one_run_audit',
    params: { ...guesses, confidence: 0.95 },
    expected: { eps_lower: toNumber(low), p_at_eps1: toNumber(pValue(guesses, one)) },
  };
}

/** Audits of one run. */
export function auditCases(): ReferenceCase[] {
  return [
    { m: 1000, r: 100, v: 100, delta: 0 },
    { m: 1000, r: 100, v: 93, delta: 1e-5 },
    { m: 200, r: 40, v: 38, delta: 1e-5 },
    { m: 200, r: 40, v: 22, delta: 1e-5 },
    { m: 64, r: 64, v: 60, delta: 1e-3 },
    { m: 10_000, r: 200, v: 180, delta: 1e-6 },
  ].map(audit);
}
