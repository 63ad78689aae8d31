import { requireDelta, requireRange } from '../arguments.ts';

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
