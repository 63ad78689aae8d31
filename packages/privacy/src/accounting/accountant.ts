import { requireDelta, requireGaussian, requireRange } from '../arguments.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianEpsilon } from './exact-gaussian.ts';
import { deltaFromRdp, epsilonFromRdp } from './rdp-conversion.ts';
import { rdpCurve, rdpOrders } from './rdp.ts';

/** Adds up what releases cost; the order of composition does not matter. */
export interface Accountant {
  compose(events: readonly PrivacyEvent[]): void;
  /** ε ≥ 0 at δ in (0, 1) of everything composed so far; +inf where it is unknown. */
  epsilon(delta: number): number;
  /** δ in [0, 1] at ε ≥ 0 of everything composed so far. */
  delta(epsilon: number): number;
}

function requireEvent(event: PrivacyEvent): void {
  requireGaussian(event.samplingRate, event.noiseMultiplier);
  const isCount = Number.isInteger(event.count) && event.count >= 0;
  requireRange('count', event.count, isCount, 'an integer of at least 0');
}

/** Accountant of Poisson-subsampled Gaussian releases by Rényi differential privacy on 156 orders. */
export function rdpAccountant(): Accountant {
  const total = new Float64Array(rdpOrders.length);
  const curves = new Map<string, Float64Array>();
  const curveOf = (event: PrivacyEvent): Float64Array => {
    const key = `${event.samplingRate}/${event.noiseMultiplier}`;
    const curve = curves.get(key) ?? rdpCurve(event.samplingRate, event.noiseMultiplier);
    curves.set(key, curve);
    return curve;
  };
  return {
    compose: (events) => {
      events.forEach(requireEvent);
      for (const event of events.filter(({ count }) => count > 0)) {
        const curve = curveOf(event);
        for (let i = 0; i < total.length; i += 1) total[i]! += event.count * curve[i]!;
      }
    },
    epsilon: (delta) => epsilonFromRdp(total, delta).epsilon,
    delta: (epsilon) => deltaFromRdp(total, epsilon).delta,
  };
}

/**
 * ε at δ of releases that ran: exact where none was subsampled (Gaussians compose to one of Σ count/σ²), else by RDP.
 * @returns 0 for no release, +inf where the cost is not known to be finite
 */
export function epsilonOf(events: readonly PrivacyEvent[], delta: number): number {
  requireDelta(delta);
  events.forEach(requireEvent);
  const ran = events.filter(({ count, samplingRate }) => count > 0 && samplingRate > 0);
  if (ran.every(({ samplingRate }) => samplingRate === 1)) {
    if (ran.some(({ noiseMultiplier }) => noiseMultiplier === 0)) return Infinity;
    const precision = ran.reduce((sum, e) => sum + e.count / e.noiseMultiplier ** 2, 0);
    return precision === 0 ? 0 : exactGaussianEpsilon(1 / Math.sqrt(precision), 1, delta);
  }
  const accountant = rdpAccountant();
  accountant.compose(ran);
  return accountant.epsilon(delta);
}
