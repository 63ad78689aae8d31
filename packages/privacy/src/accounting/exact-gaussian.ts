import { requireDelta, requireRange } from '../arguments.ts';
import { erfcx, normalCdf } from './error-function.ts';

/**
 * δ at ε of `steps` Gaussian releases without subsampling, exact (Balle and Wang 2018, theorem 8, with σ/√steps).
 * @param noiseMultiplier σ > 0; may be fractional `steps` equivalents, since only σ/√steps matters
 */
export function exactGaussianDelta(
  noiseMultiplier: number,
  steps: number,
  epsilon: number,
): number {
  requireRange('noiseMultiplier', noiseMultiplier, noiseMultiplier > 0, 'above 0');
  requireRange('steps', steps, steps > 0 && steps < Infinity, 'finite and above 0');
  const sigma = noiseMultiplier / Math.sqrt(steps);
  const u = epsilon * sigma - 1 / (2 * sigma);
  const v = epsilon * sigma + 1 / (2 * sigma);
  // e^ε φ(v) = φ(u), so that for u ≥ 0 the two tails share a factor and their difference keeps its digits.
  const delta =
    u < 0
      ? normalCdf(-u) - Math.exp(epsilon) * normalCdf(-v)
      : (Math.exp((-u * u) / 2) * (erfcx(u * Math.SQRT1_2) - erfcx(v * Math.SQRT1_2))) / 2;
  return Math.min(1, Math.max(0, delta));
}

/** Smallest ε ≥ 0 with {@link exactGaussianDelta} ≤ `delta`, by bisection; +inf for σ = 0, 0 for no steps. */
export function exactGaussianEpsilon(
  noiseMultiplier: number,
  steps: number,
  delta: number,
): number {
  requireDelta(delta);
  requireRange('noiseMultiplier', noiseMultiplier, noiseMultiplier >= 0, 'at least 0');
  if (steps === 0) return 0;
  if (noiseMultiplier === 0) return Infinity;
  const isEnough = (epsilon: number): boolean =>
    exactGaussianDelta(noiseMultiplier, steps, epsilon) <= delta;
  if (isEnough(0)) return 0;
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > 1e9) return Infinity;
  }
  return bisectUp(0, high, isEnough);
}

/** The right end of a bracket of relative width 1e-14 around where `isEnough` turns true. */
export function bisectUp(
  start: number,
  end: number,
  isEnough: (value: number) => boolean,
  relativeWidth = 1e-14,
): number {
  let low = start;
  let high = end;
  for (let i = 0; i < 200 && high - low > relativeWidth * high; i += 1) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
