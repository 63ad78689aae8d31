import { requireRange } from '../arguments.ts';

/**
 * Factor min(1, C/norm) of each row that brings its L2 norm to at most C; 1 for a norm of zero.
 * @param norms L2 norms, one per example
 * @param clippingNorm C > 0
 * @throws if a norm is NaN, infinite or negative: such a row must never be summed
 */
export function clipFactors(norms: Float32Array, clippingNorm: number): Float32Array {
  const isPositive = clippingNorm > 0 && clippingNorm < Infinity;
  requireRange('clippingNorm', clippingNorm, isPositive, 'finite and above 0');
  return norms.map((norm, i) => {
    requireRange(`norms[${i}]`, norm, norm >= 0 && norm < Infinity, 'finite and at least 0');
    return norm > clippingNorm ? clippingNorm / norm : 1;
  });
}

/** L1 or L2 norm in double precision. */
export function normOf(values: Float32Array | Float64Array, norm: 'l1' | 'l2'): number {
  let sum = 0;
  for (const value of values) sum += norm === 'l1' ? Math.abs(value) : value * value;
  return norm === 'l1' ? sum : Math.sqrt(sum);
}

/**
 * A vector scaled to an L2 (or L1) norm of at most C, in double precision.
 * @throws RangeError where its norm is not finite
 */
export function clipVector(
  values: Float32Array | Float64Array,
  clippingNorm: number,
  norm: 'l1' | 'l2' = 'l2',
): Float64Array {
  const size = normOf(values, norm);
  requireRange('norm', size, size < Infinity, 'finite');
  const factor = size > clippingNorm ? clippingNorm / size : 1;
  return Float64Array.from(values, (value) => value * factor);
}
