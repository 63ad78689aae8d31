import { requireRange } from '../arguments.ts';
import { requireSensitivity, type IntegerSensitivity } from './skellam-rdp.ts';
import { zcdpRdpCurve } from './zcdp.ts';

/**
 * Rényi divergences of one discrete Gaussian release at the 156 orders: it is 1/(2z²)-zCDP in any dimension
 * (Canonne, Kamath and Steinke 2020, theorem 14).
 * @param noiseMultiplier z ≥ 0, σ / L2 sensitivity of the integers; σ is the parameter, no less than the deviation
 */
export function discreteGaussianRdpCurve(noiseMultiplier: number): Float64Array {
  const isInside = noiseMultiplier >= 0 && noiseMultiplier < Infinity;
  requireRange('noiseMultiplier', noiseMultiplier, isInside, 'finite and at least 0');
  return zcdpRdpCurve(1 / (2 * noiseMultiplier * noiseMultiplier));
}

export interface RoundedVector {
  /** c > 0: clipping norm / grid step. */
  readonly norm: number;
  /** d ≥ 1 coordinates. */
  readonly dimension: number;
  /** β in (0, 1]: probability that stochastic rounding moves the vector further than the sensitivity says. */
  readonly failure: number;
}

/**
 * Sensitivities of one stochastically rounded vector of norm c, in grid units, except with probability β
 * (Kairouz, Liu and Steinke 2021, arXiv 2102.06387, theorem 1).
 */
export function roundedSensitivity(vector: RoundedVector): IntegerSensitivity {
  const { norm, dimension, failure } = vector;
  requireRange('norm', norm, norm > 0 && norm < Infinity, 'finite and above 0');
  const isDimension = Number.isInteger(dimension) && dimension >= 1;
  requireRange('dimension', dimension, isDimension, 'an integer of at least 1');
  requireRange('failure', failure, failure > 0 && failure <= 1, 'in (0, 1]');
  const root = Math.sqrt(dimension);
  const spread = Math.sqrt(-2 * Math.log(failure)) * (norm + root / 2);
  const likely = norm * norm + dimension / 4 + spread;
  const l2Sensitivity = Math.sqrt(Math.min(likely, (norm + root) ** 2));
  return { l2Sensitivity, l1Sensitivity: l2Sensitivity * Math.min(root, l2Sensitivity) };
}

export interface NoiseShares {
  /** n ≥ 1 independent noise shares that are summed. */
  readonly shares: number;
  /** s > 0: σ of one share in grid units. */
  readonly shareStddev: number;
}

/**
 * τ = 10 Σ_{k<n} e^(−2π²s²k/(k+1)): how far a sum of n discrete Gaussians is from one of n times the variance, each
 * coordinate's largest log ratio (Kairouz, Liu and Steinke 2021, theorem 1). The text's bound; below 1e-60 for s ≥ 4.
 */
export function discreteGaussianSumGap({ shares, shareStddev }: NoiseShares): number {
  requireRange(
    'shares',
    shares,
    Number.isInteger(shares) && shares >= 1,
    'an integer of at least 1',
  );
  requireRange('shareStddev', shareStddev, shareStddev > 0, 'above 0');
  const rate = 2 * Math.PI * Math.PI * shareStddev * shareStddev;
  let sum = 0;
  for (let k = 1; k < shares; k += 1) sum += Math.exp((-rate * k) / (k + 1));
  return 10 * sum;
}

/**
 * Upper bound of the Rényi divergence of a sum with distributed discrete Gaussian noise
 * (Kairouz, Liu and Steinke 2021, arXiv 2102.06387, theorem 1).
 * @param order a > 1
 */
export function distributedDiscreteGaussianRdp(
  noise: NoiseShares,
  sensitivity: IntegerSensitivity,
  dimension: number,
  order: number,
): number {
  requireSensitivity(sensitivity);
  requireRange('order', order, order > 1, 'above 1');
  const { l2Sensitivity: l2, l1Sensitivity: l1 } = sensitivity;
  const gap = discreteGaussianSumGap(noise);
  const stddev = Math.sqrt(noise.shares) * noise.shareStddev;
  const ratio = l2 / stddev;
  return Math.min(
    (order * ratio * ratio) / 2 + gap * dimension,
    (order / 2) * (ratio * ratio + (2 * l1 * gap) / stddev + gap * gap * dimension),
    (order / 2) * (ratio + Math.sqrt(dimension) * gap) ** 2,
  );
}
