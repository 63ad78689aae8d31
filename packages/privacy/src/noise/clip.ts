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

/**
 * A vector scaled to an L2 norm of at most C, in double precision.
 * @throws RangeError where its norm is not finite
 */
export function clipVector(
  values: Float32Array | Float64Array,
  clippingNorm: number,
): Float64Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const norm = Math.sqrt(squares);
  requireRange('norm', norm, norm < Infinity, 'finite');
  const factor = norm > clippingNorm ? clippingNorm / norm : 1;
  return Float64Array.from(values, (value) => value * factor);
}
