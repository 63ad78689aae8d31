import { uniform, type RandomSource } from '@roundtable/random';
import { requireRange } from '../arguments.ts';

// Overflow of the public cap would show in the traffic; ln of the probability that it may have per step.
const LOG_OVERFLOW = Math.log(1e-12);

/** A Poisson batch was larger than the public cap: nothing of this step may be released. */
export class BatchOverflow extends Error {
  override readonly name = 'BatchOverflow';
}

function requireSampling(samplingRate: number, cap: number): void {
  requireRange('samplingRate', samplingRate, samplingRate > 0 && samplingRate <= 1, 'in (0, 1]');
  requireRange('cap', cap, Number.isInteger(cap) && cap >= 1, 'an integer of at least 1');
}

/**
 * Indices of a Poisson batch: each of 0 … n − 1 joins independently with probability q (53-bit coins), rising.
 * @param cap public largest batch
 * @throws BatchOverflow beyond `cap`; never truncates, which Poisson accounting would not cover
 */
export function poissonSample(
  random: RandomSource,
  n: number,
  samplingRate: number,
  cap: number,
): number[] {
  requireSampling(samplingRate, cap);
  requireRange('n', n, Number.isInteger(n) && n >= 0, 'an integer of at least 0');
  const indices: number[] = [];
  for (let i = 0; i < n; i += 1) {
    if (samplingRate === 1 || uniform(random) < samplingRate) indices.push(i);
  }
  if (indices.length > cap) throw new BatchOverflow('a batch exceeded the public cap per step');
  return indices;
}

/** Chernoff bound on ln P[Binomial(n, q) > cap]. */
function logOverflow(n: number, q: number, cap: number): number {
  const share = (cap + 1) / n;
  if (share > 1) return -Infinity;
  if (share <= q) return 0;
  const rest = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - q)) : 0;
  return -n * (share * Math.log(share / q) + rest);
}

/**
 * Most local examples whose Poisson batches stay within the cap but for a probability of 1e-12 a step; the cap itself
 * for q = 1.
 */
export function poissonCapacity(samplingRate: number, cap: number): number {
  requireSampling(samplingRate, cap);
  if (samplingRate === 1) return cap;
  let low = cap;
  let high = Math.ceil(cap / samplingRate) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (logOverflow(middle, samplingRate, cap) <= LOG_OVERFLOW) low = middle;
    else high = middle;
  }
  return low;
}
