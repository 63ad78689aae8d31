import { requireRange } from '../arguments.ts';
import { curveFromIntegerOrders, logBinomials } from './integer-orders.ts';
import { logAddExp } from './log-space.ts';

/**
 * Rényi divergences at the 156 orders of **any** mechanism on a Poisson sample, neighbors add or remove one example
 * (Zhu and Wang 2019, theorem 5, at integer orders; the chord between integers elsewhere).
 * @param samplingRate q in [0, 1]
 * @param rdpAt upper bound of the mechanism's own divergence at an integer order ≥ 2
 * @param curve the mechanism's own divergences at the 156 orders, which sampling never raises (the Rényi divergence is
 * quasi-convex in the pair of distributions)
 */
export function subsampledRdpCurve(
  samplingRate: number,
  rdpAt: (order: number) => number,
  curve: Float64Array,
): Float64Array {
  requireRange('samplingRate', samplingRate, samplingRate >= 0 && samplingRate <= 1, 'in [0, 1]');
  if (samplingRate === 0) return curve.map(() => 0);
  if (samplingRate === 1) return curve;
  const logQ = Math.log(samplingRate);
  const logRest = Math.log1p(-samplingRate);
  const sampled = curveFromIntegerOrders((order) => {
    const binomials = logBinomials(order);
    let total = (order - 1) * logRest + Math.log1p((order - 1) * samplingRate);
    for (let l = 2; l <= order; l += 1) {
      const factor = l === 2 ? 0 : Math.log(3);
      const weight = binomials[l]! + (order - l) * logRest + l * logQ;
      total = logAddExp(total, factor + weight + (l - 1) * rdpAt(l));
    }
    return total;
  });
  return sampled.map((rdp, i) => Math.min(rdp, curve[i]!));
}
