import { requireRange } from '../arguments.ts';

/** ln(I_k(μ)/I_0(μ)) for 0 ≤ k ≤ last, from the continued fraction of the ratio I_k/I_(k−1) (DLMF 10.33.1). */
function logBesselRatios(mu: number, last: number): Float64Array {
  const logs = new Float64Array(last + 1);
  const ratios = new Float64Array(last + 2);
  // Started from nothing far beyond the last, the downward recurrence forgets its start.
  let ratio = 0;
  for (let k = last + Math.ceil(mu) + 60; k >= 1; k -= 1) {
    ratio = mu / (2 * k + mu * ratio);
    if (k <= last) ratios[k] = ratio;
  }
  for (let k = 1; k <= last; k += 1) logs[k] = logs[k - 1]! + Math.log(ratios[k]!);
  return logs;
}

/**
 * Rényi divergence of a Skellam variable shifted by an integer from itself, by summation: what the bound is for.
 * @param noiseStddev √μ > 0, at most 1000
 * @param shift integer ≥ 0 in grid units
 * @param order a > 1
 */
export function skellamDivergence(noiseStddev: number, shift: number, order: number): number {
  const isStddev = noiseStddev > 0 && noiseStddev <= 1000;
  requireRange('noiseStddev', noiseStddev, isStddev, 'above 0 and at most 1000');
  requireRange('shift', shift, Number.isInteger(shift) && shift >= 0, 'an integer of at least 0');
  requireRange('order', order, order > 1, 'above 1');
  const mu = noiseStddev * noiseStddev;
  // The summand peaks near shift·order; its tails fall at least as fast as those of the noise.
  const reach = Math.ceil(shift * order + 40 * noiseStddev + 200);
  const logs = logBesselRatios(mu, reach + shift);
  let moment = 0;
  let mass = 0;
  const weight = (k: number): number =>
    order * logs[Math.abs(k - shift)]! + (1 - order) * logs[Math.abs(k)]!;
  let highest = -Infinity;
  for (let k = -reach; k <= reach; k += 1) highest = Math.max(highest, weight(k));
  for (let k = -reach; k <= reach; k += 1) {
    moment += Math.exp(weight(k) - highest);
    mass += Math.exp(logs[Math.abs(k)]!);
  }
  return (highest + Math.log(moment) - Math.log(mass)) / (order - 1);
}
