import { requireRange } from '../arguments.ts';

// WGSL lets a device round a sum or product to either neighbor: 2^-23 instead of 2^-24 for round-to-nearest.
const ROUNDOFF = 2 ** -23;
const SUM_SLACK_TARGET = 0.0045;
const MAX_CHAIN = 256;
// Fewer would leave micro-batches of a few examples each; larger caps pay with slack instead.
const MIN_CHAIN = 12;
/**
 * Per example, relative to C: how much a gradient may change with the company that it is computed in, because another
 * number of rows or tokens makes a backend add in another order. Measured, not proven: 0 with a cached prefix; without one
 * 2e-6 in the mean over examples on a software WebGPU adapter, less on wasm.
 */
const COMPANY_SLACK = 2 ** -18;
// Of each product with a clip factor, and of the factor itself, besides the sum's own roundings.
const ROUNDINGS_PER_TERM = 3;

/** Relative error of a float32 norm over chains of at most {@link MAX_NORM_CHAIN} roundings: half of theirs, by the root. */
const NORM_SLACK = 2 ** -11;

/**
 * Longest chain of float32 roundings on the way to a squared norm that the slack allows for: terms of the longest sum
 * per axis, added up.
 */
export const MAX_NORM_CHAIN = (2 * NORM_SLACK) / ROUNDOFF;

/**
 * Most float32 additions that a term of a sum of clipped gradients may pass through before the sum goes on in double
 * precision, so that the slack stays below 0.5 % where it can (caps up to 600); 1 … 256. A sum of n terms in one go takes n, in blocks of b terms whose
 * sums are then added b + n/b.
 * @param exampleCap public cap on the examples of one release
 */
export function longestSumChain(exampleCap: number): number {
  requireCap(exampleCap);
  const left = SUM_SLACK_TARGET - COMPANY_SLACK * exampleCap;
  const additions = left / (2 * ROUNDOFF * exampleCap) - ROUNDINGS_PER_TERM;
  return Math.min(MAX_CHAIN, exampleCap, Math.max(MIN_CHAIN, Math.floor(additions)));
}

/**
 * How much more than C the sums of neighbors may differ by because they are computed in float32, relative to C.
 * A sum of terms f·g that pass through at most m additions is off by at most (m + 3)·2^-23·Σ|f·g| per coordinate (Higham
 * 2002, section 4.2), in norm by (m + 3)·2^-23·n·C over n examples of norm at most C. Both neighbors' sums are off, and
 * differently: their micro-batches hold different examples, which also changes each gradient a little. On top comes the
 * error of the norms by which was clipped.
 */
export function clipSlack(exampleCap: number): number {
  const roundings = longestSumChain(exampleCap) + ROUNDINGS_PER_TERM;
  const sumSlack = (2 * roundings * ROUNDOFF + COMPANY_SLACK) * exampleCap;
  return (1 + NORM_SLACK) * (1 + sumSlack) - 1;
}

function requireCap(exampleCap: number): void {
  const isCap = Number.isInteger(exampleCap) && exampleCap >= 1;
  requireRange('exampleCap', exampleCap, isCap, 'an integer of at least 1');
}
