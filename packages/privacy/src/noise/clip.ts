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
