import { epsilonOf } from '../accounting/accountant.ts';
import { requireDelta, requireRange } from '../arguments.ts';
import type { PlannedRelease } from './planned-release.ts';

/**
 * What (ε, δ) for one unit means for `size` units together, such as one fact that stands in many examples
 * (Dwork and Roth 2014, theorem 2.2 with its δ): (kε, k·e^((k−1)ε)·δ).
 * @param epsilon ε ≥ 0
 * @param size k, an integer ≥ 1
 * @returns δ at most 1, where nothing is promised any more
 */
export function groupPrivacy(
  epsilon: number,
  delta: number,
  size: number,
): { readonly epsilon: number; readonly delta: number } {
  requireRange('epsilon', epsilon, epsilon >= 0, 'at least 0');
  requireDelta(delta);
  requireRange('size', size, Number.isInteger(size) && size >= 1, 'an integer of at least 1');
  // One unit alone keeps its numbers even where ε is infinite, which 0·∞ would not.
  if (size === 1) return { epsilon, delta };
  const grown = size * Math.exp((size - 1) * epsilon) * delta;
  return { epsilon: size * epsilon, delta: Math.min(1, grown) };
}

/**
 * (ε, δ) of `size` units together after `rounds` rounds. Where all take part in every release they move the sum `size`
 * times as far as one, so that noise/size stands for the noise at the same δ; with subsampling the general bound holds.
 */
export function groupGuarantee(
  planned: PlannedRelease,
  rounds: number,
  delta: number,
  size: number,
): { readonly epsilon: number; readonly delta: number } {
  requireRange('size', size, Number.isInteger(size) && size >= 1, 'an integer of at least 1');
  const { event, count } = planned;
  const all = { ...event, count: count * rounds, round: 0 };
  const isScaled = event.kind === 'gaussian' || event.kind === 'laplace';
  const isPlain = isScaled && event.samplingRate === 1;
  if (!isPlain) return groupPrivacy(epsilonOf([all], delta), delta, size);
  // Each of the steps from one neighbor to the next may meet an unlikely rounding.
  const roundingFailure = size * (event.roundingFailure ?? 0);
  const noiseMultiplier = event.noiseMultiplier / size;
  return { epsilon: epsilonOf([{ ...all, noiseMultiplier, roundingFailure }], delta), delta };
}
