import { exactFraction, expOfMinus, WORK_BITS } from './fixed-point.ts';
import {
  gaussianReach,
  MAX_DENSE_STDDEV,
  requireNoiseStddev,
  TAIL_PROBABILITY,
  type NoiseTable,
} from './noise-table.ts';
import { symmetricTable } from './symmetric-table.ts';

/**
 * The discrete Gaussian, P(k) ∝ exp(−k²/(2σ²)) on the integers (Canonne, Kamath and Steinke 2020, definition 1).
 * Each weight is the one before times exp(−(2k + 1)/(2σ²)), itself by recurrence: the error grows with k² and stays below
 * 2^-200 of the weight at 0 up to the largest σ.
 * @param sigma its parameter σ in grid units, 2^-10 … 2^15
 */
export function discreteGaussianTable(sigma: number): NoiseTable {
  requireNoiseStddev(sigma, MAX_DENSE_STDDEV);
  const { numerator, denominator } = exactFraction(sigma);
  const halfInverseVariance =
    ((denominator * denominator) << WORK_BITS) / (2n * numerator * numerator);
  const ratioStep = expOfMinus(2n * halfInverseVariance);
  let ratio = expOfMinus(halfInverseVariance);
  let weight = 1n << WORK_BITS;
  const weights = [weight];
  const maxMagnitude = gaussianReach(sigma);
  for (let k = 1; k <= maxMagnitude; k += 1) {
    weight = (weight * ratio) >> WORK_BITS;
    ratio = (ratio * ratioStep) >> WORK_BITS;
    weights.push(weight);
  }
  return symmetricTable(weights, TAIL_PROBABILITY);
}
