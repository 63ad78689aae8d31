import { requireDelta, requireRange } from '../arguments.ts';
import { rdpOrders } from './rdp.ts';

/** ε or δ together with the Rényi order that gave the smallest one. */
export interface ConvertedRdp {
  readonly order: number;
}

function requireCurve(curve: Float64Array): void {
  const length = rdpOrders.length;
  requireRange('curve.length', curve.length, curve.length === length, `${length}`);
}

/**
 * Smallest ε ≥ 0 at δ over the orders (Canonne, Kamath and Steinke 2020, proposition 12).
 * @param curve Rényi divergences at {@link rdpOrders}
 * @returns ε = +inf and order NaN where no order is finite
 */
export function epsilonFromRdp(
  curve: Float64Array,
  delta: number,
): ConvertedRdp & { readonly epsilon: number } {
  requireDelta(delta);
  requireCurve(curve);
  let best = { epsilon: Infinity, order: Number.NaN };
  for (const [i, order] of rdpOrders.entries()) {
    const rdp = curve[i]!;
    if (!(rdp < Infinity)) continue;
    // KL ≤ rdp, and total variation ≤ √(1 − e^−KL): δ may already cover all of it (Bretagnolle and Huber).
    const isCovered = delta * delta + Math.expm1(-rdp) > 0;
    const epsilon = isCovered
      ? 0
      : rdp + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
    if (epsilon < best.epsilon) best = { epsilon, order };
  }
  return { ...best, epsilon: Math.max(0, best.epsilon) };
}

/**
 * Smallest δ at ε over the orders, the inverse of {@link epsilonFromRdp}.
 * @returns δ in [0, 1]; 1 where no order is finite
 */
export function deltaFromRdp(
  curve: Float64Array,
  epsilon: number,
): ConvertedRdp & { readonly delta: number } {
  requireRange('epsilon', epsilon, epsilon >= 0, 'at least 0');
  requireCurve(curve);
  let logBest = 0;
  let bestOrder = rdpOrders[0]!;
  for (const [i, order] of rdpOrders.entries()) {
    const rdp = curve[i]!;
    if (!(rdp < Infinity)) continue;
    const logVariation = Math.log(-Math.expm1(-rdp)) / 2;
    const logTail = (order - 1) * (rdp - epsilon + Math.log1p(-1 / order)) - Math.log(order);
    const logDelta = Math.min(logVariation, logTail);
    if (logDelta < logBest) {
      logBest = logDelta;
      bestOrder = order;
    }
  }
  return { delta: Math.exp(logBest), order: bestOrder };
}
