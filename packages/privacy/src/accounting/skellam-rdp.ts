import { requireRange } from '../arguments.ts';
import { curveFromIntegerOrders } from './integer-orders.ts';

/** How far one unit moves the released integers, in grid units. */
export interface IntegerSensitivity {
  /** D₂ ≥ 0, L2 norm. */
  readonly l2Sensitivity: number;
  /** D₁ ≥ D₂, L1 norm. */
  readonly l1Sensitivity: number;
}

export interface SkellamRelease extends IntegerSensitivity {
  /** √μ ≥ 0: standard deviation of the total noise on each integer coordinate. */
  readonly noiseStddev: number;
}

/** Refuses sensitivities that no difference of integer vectors has. */
export function requireSensitivity({ l2Sensitivity, l1Sensitivity }: IntegerSensitivity): void {
  const isNorm = l2Sensitivity >= 0 && l2Sensitivity < Infinity;
  requireRange('l2Sensitivity', l2Sensitivity, isNorm, 'finite and at least 0');
  const isAbove = l1Sensitivity >= l2Sensitivity * (1 - 1e-12) && l1Sensitivity < Infinity;
  requireRange('l1Sensitivity', l1Sensitivity, isAbove, `finite and at least ${l2Sensitivity}`);
}

/**
 * Upper bound of the Rényi divergence of one Skellam release at an integer order
 * (Agarwal, Kairouz and Liu 2021, arXiv 2110.04995, theorem 3.5).
 * @param order integer a ≥ 2: the theorem says nothing about others
 * @returns at least 0; +inf without noise
 */
export function skellamRdpBound(release: SkellamRelease, order: number): number {
  const { l2Sensitivity, l1Sensitivity, noiseStddev } = release;
  requireSensitivity(release);
  requireRange('noiseStddev', noiseStddev, noiseStddev >= 0, 'at least 0');
  requireRange('order', order, Number.isInteger(order) && order >= 2, 'an integer of at least 2');
  if (noiseStddev === 0) return Infinity;
  const variance = noiseStddev * noiseStddev;
  const squared = l2Sensitivity * l2Sensitivity;
  const excess = Math.min(
    ((2 * order - 1) * squared + 6 * l1Sensitivity) / (4 * variance * variance),
    (3 * l1Sensitivity) / (2 * variance),
  );
  return (order * squared) / (2 * variance) + excess;
}

/** The bounds of {@link skellamRdpBound} at the 156 orders; fractional ones by the chord between integers. */
export function skellamRdpCurve(release: SkellamRelease): Float64Array {
  return curveFromIntegerOrders((order) => (order - 1) * skellamRdpBound(release, order));
}
