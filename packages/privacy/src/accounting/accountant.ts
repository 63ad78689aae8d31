import { requireDelta, requireGaussian, requireRange } from '../arguments.ts';
import { rdpCurveOf } from './event-rdp.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianEpsilon } from './exact-gaussian.ts';
import { deltaWithFailures, epsilonWithFailures, failuresOf } from './failures.ts';
import { memo } from './memo.ts';
import { composeReleases } from './pld/compose-releases.ts';
import { FULL_EFFORT, type Effort } from './pld/loss-grid.ts';
import type { SampledRelease } from './pld/known-release.ts';
import { deltaFromRdp, epsilonFromRdp } from './rdp-conversion.ts';
import { rdpOrders } from './rdp.ts';

/** Adds up what releases cost; the order of composition does not matter. */
export interface Accountant {
  compose(events: readonly PrivacyEvent[]): void;
  /** ε ≥ 0 at δ in (0, 1) of everything composed so far; +inf where it is unknown. */
  epsilon(delta: number): number;
  /** δ in [0, 1] at ε ≥ 0 of everything composed so far. */
  delta(epsilon: number): number;
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;

function requireEvent(event: PrivacyEvent): void {
  requireGaussian(event.samplingRate, event.noiseMultiplier);
  const isCount = Number.isInteger(event.count) && event.count >= 0;
  requireRange('count', event.count, isCount, 'an integer of at least 0');
  for (const name of ['roundingFailure', 'samplerFailure'] as const) {
    const value = event[name] ?? 0;
    requireRange(name, value, isProbability(value), 'in [0, 1]');
  }
}

/** Events that cost anything: those that ran and looked at data. */
function costly(events: readonly PrivacyEvent[]): PrivacyEvent[] {
  events.forEach(requireEvent);
  return events.filter(({ count, samplingRate }) => count > 0 && samplingRate > 0);
}

function eventKey(event: PrivacyEvent): string {
  const key = `${event.kind}/${event.samplingRate}/${event.noiseMultiplier}`;
  return event.kind === 'skellam' ? `${key}/${event.l2Sensitivity}/${event.l1Sensitivity}` : key;
}

const curves = memo<Float64Array>(2 ** 19, ({ length }) => length);

function addCurves(total: Float64Array, events: readonly PrivacyEvent[]): void {
  for (const event of events) {
    const curve = curves.get(eventKey(event), () => rdpCurveOf(event));
    for (let i = 0; i < total.length; i += 1) total[i]! += event.count * curve[i]!;
  }
}

/** Accountant of every kind of release by Rényi differential privacy on 156 orders: quick, and online. */
export function rdpAccountant(): Accountant {
  const total = new Float64Array(rdpOrders.length);
  let failures = failuresOf([]);
  return {
    compose: (events) => {
      const ran = costly(events);
      addCurves(total, ran);
      const { rounding, sampler } = failuresOf(ran);
      failures = {
        rounding: failures.rounding + rounding,
        sampler: failures.sampler + sampler,
      };
    },
    epsilon: (delta) => {
      requireDelta(delta);
      return epsilonWithFailures(failures, delta, (left) => epsilonFromRdp(total, left).epsilon);
    },
    delta: (epsilon) => deltaWithFailures(failures, epsilon, deltaFromRdp(total, epsilon).delta),
  };
}

/**
 * Running ε at δ: by Rényi orders alone, a fraction of the work of {@link epsilonOf} and never below it.
 * @returns 0 for no release, +inf where the cost is not known to be finite
 */
export function runningEpsilonOf(events: readonly PrivacyEvent[], delta: number): number {
  const accountant = rdpAccountant();
  accountant.compose(events);
  return accountant.epsilon(delta);
}

/** The releases as the loss distribution accountant takes them; null where one of them is not of a proven kind. */
function knownReleases(events: readonly PrivacyEvent[]): SampledRelease[] | null {
  const releases: SampledRelease[] = [];
  for (const { kind, samplingRate, noiseMultiplier, count } of events) {
    if (kind !== 'gaussian' && kind !== 'laplace') return null;
    releases.push({ kind, samplingRate, noiseMultiplier, count });
  }
  return releases;
}

/** ε0 by δ0 of the accounted mechanisms alone, without their failures. */
function accountedEpsilon(
  events: readonly PrivacyEvent[],
  effort: Effort,
): (delta: number) => number {
  if (events.some(({ noiseMultiplier }) => noiseMultiplier === 0)) return () => Infinity;
  if (events.every(({ kind, samplingRate }) => kind === 'gaussian' && samplingRate === 1)) {
    const precision = events.reduce((sum, e) => sum + e.count / e.noiseMultiplier ** 2, 0);
    const noiseMultiplier = 1 / Math.sqrt(precision);
    return (delta) => exactGaussianEpsilon(noiseMultiplier, 1, delta);
  }
  const total = new Float64Array(rdpOrders.length);
  addCurves(total, events);
  const byRdp = (delta: number): number => epsilonFromRdp(total, delta).epsilon;
  const releases = knownReleases(events);
  if (releases === null) return byRdp;
  const composed = composeReleases(releases, effort);
  return (delta) => Math.min(composed.epsilon(delta), byRdp(delta));
}

/** {@link epsilonOf} with more or less effort; with less it is larger by a thousandth or so. */
export function headlineEpsilon(
  events: readonly PrivacyEvent[],
  delta: number,
  effort: Effort,
): number {
  requireDelta(delta);
  const ran = costly(events);
  if (ran.length === 0) return 0;
  return epsilonWithFailures(failuresOf(ran), delta, accountedEpsilon(ran, effort));
}

/**
 * Headline ε at δ of releases that ran. Exact where all are Gaussian and none was sampled (they compose to one of
 * Σ count/σ²); by privacy loss distributions, or Rényi orders where these give less, where all are Gaussian or Laplace;
 * by Rényi orders as soon as another kind takes part. Failure probabilities come off δ first.
 * @returns 0 for no release, +inf where the cost is not known to be finite
 */
export function epsilonOf(events: readonly PrivacyEvent[], delta: number): number {
  return headlineEpsilon(events, delta, FULL_EFFORT);
}
