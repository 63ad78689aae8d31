import { requireRange } from '../arguments.ts';
import { rdpOrders } from './rdp.ts';

// Below it the two exponentials cancel, and the power series of their sum is short.
const SERIES_BELOW = 0.5;

/**
 * Rényi divergence of one Laplace release at one order (Mironov 2017, proposition 6).
 * @param noiseMultiplier b ≥ 0, scale / L1 sensitivity
 * @param order a > 1
 * @returns at least 0 and at most 1/b; +inf for b = 0
 */
export function laplaceRdp(noiseMultiplier: number, order: number): number {
  requireRange(
    'noiseMultiplier',
    noiseMultiplier,
    noiseMultiplier >= 0 && noiseMultiplier < Infinity,
    'finite and at least 0',
  );
  requireRange('order', order, order > 1, 'above 1');
  if (noiseMultiplier === 0) return Infinity;
  const e = 1 / noiseMultiplier;
  if (e * order < SERIES_BELOW) return Math.log1p(smallMoment(e, order)) / (order - 1);
  const excess = ((order - 1) * Math.expm1(e * (1 - 2 * order))) / (2 * order - 1);
  return Math.max(0, e + Math.log1p(excess) / (order - 1));
}

/** a/(2a−1)·e^((a−1)e) + (a−1)/(2a−1)·e^(−ae) − 1 as Σ over k ≥ 2; the terms of first order cancel. */
function smallMoment(e: number, order: number): number {
  let up = order;
  let down = order - 1;
  let sum = 0;
  for (let k = 1; k < 40; k += 1) {
    up *= ((order - 1) * e) / k;
    down *= (-order * e) / k;
    if (k > 1) sum += up + down;
  }
  return sum / (2 * order - 1);
}

/** The Rényi divergences of {@link laplaceRdp} at the 156 orders. */
export function laplaceRdpCurve(noiseMultiplier: number): Float64Array {
  return Float64Array.from(rdpOrders, (order) => laplaceRdp(noiseMultiplier, order));
}
