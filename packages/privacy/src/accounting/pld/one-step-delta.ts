import { requireRange } from '../../arguments.ts';
import { exactGaussianDelta } from '../exact-gaussian.ts';

/**
 * δ at ε of one Poisson-sampled Gaussian release, exact, when the unit is removed, when it is added, and the larger.
 * Sampling takes δ of the unsampled release at ln(1 + (e^ε − 1)/q), times q (Balle, Barthe and Gaboardi 2018, theorem 8).
 * @param samplingRate q in (0, 1]
 * @param noiseMultiplier σ > 0
 * @param epsilon may be negative
 */
export function sampledGaussianDelta(
  samplingRate: number,
  noiseMultiplier: number,
  epsilon: number,
): { readonly remove: number; readonly add: number; readonly delta: number } {
  const isRate = samplingRate > 0 && samplingRate <= 1;
  requireRange('samplingRate', samplingRate, isRate, 'in (0, 1]');
  const q = samplingRate;
  const excess = Math.expm1(epsilon) / q;
  const remove =
    excess > -1
      ? q * exactGaussianDelta(noiseMultiplier, 1, Math.log1p(excess))
      : -Math.expm1(epsilon);
  const shortfall = Math.expm1(-epsilon) / q;
  const unsampled = -Math.log1p(shortfall);
  const add =
    shortfall > -1
      ? q * Math.exp(epsilon - unsampled) * exactGaussianDelta(noiseMultiplier, 1, unsampled)
      : 0;
  return { remove, add, delta: Math.max(remove, add) };
}
