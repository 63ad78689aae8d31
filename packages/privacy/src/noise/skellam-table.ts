import { requireRange } from '../arguments.ts';
import { exactFraction, WORK_BITS } from './fixed-point.ts';
import { MAX_DENSE_STDDEV, type NoiseTable } from './noise-table.ts';
import { symmetricTable } from './symmetric-table.ts';

// Weights below it, relative to the one at 0, are left out; with all that follow them they are below 1e-36.
const CUT_BITS = 130n;
const TAIL_PROBABILITY = 1e-36;

/** Start of the downward recurrence: far beyond the cut, for which 14σ and, at small variance, 40 are enough. */
const startOf = (variance: number): number => Math.ceil(20 * Math.sqrt(variance)) + 60;

/**
 * Skellam noise, the difference of two Poisson variables of mean μ/2: P(k) = e^(−μ)·I_|k|(μ). Weights by Miller's
 * downward recurrence I_(k−1) = I_(k+1) + (2k/μ)·I_k, all terms positive (DLMF 10.29.1, 10.74(iv)).
 * @param variance μ in grid units squared, 2^-20 … 2^30
 */
export function skellamTable(variance: number): NoiseTable {
  const isInside = variance >= 2 ** -20 && variance <= MAX_DENSE_STDDEV ** 2;
  requireRange('variance', variance, isInside, 'in 2^-20 … 2^30');
  const { numerator, denominator } = exactFraction(variance);
  const start = startOf(variance);
  let further = 0n;
  let current = 1n << WORK_BITS;
  const downward = [current];
  for (let k = start; k >= 1; k -= 1) {
    const nearer = further + (2n * BigInt(k) * denominator * current) / numerator;
    further = current;
    current = nearer;
    downward.push(current);
  }
  const smallest = current >> CUT_BITS;
  return symmetricTable(
    downward.reverse().filter((weight) => weight >= smallest),
    TAIL_PROBABILITY,
  );
}
