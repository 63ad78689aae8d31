import { requireDelta, requireRange } from '../arguments.ts';
import { epsilonOf, headlineEpsilon, runningEpsilonOf } from './accountant.ts';
import { bracketCost } from './bracket-cost.ts';
import type { PrivacyEvent } from './event.ts';
import { bisectUp } from './exact-gaussian.ts';
import { QUICK_EFFORT } from './pld/loss-grid.ts';

const LARGEST = 1e6;
// How closely the target is met where each try takes a composition of loss distributions.
const TOLERANCE = 1e-5;

export interface CalibrationTarget {
  /** Gaussian by default. */
  readonly noise?: 'gaussian' | 'laplace' | undefined;
  /** ε > 0 that the run may reach at its end. */
  readonly epsilon: number;
  readonly delta: number;
  /** Poisson rate q in (0, 1]. */
  readonly samplingRate: number;
  /** Number of releases, an integer ≥ 1. */
  readonly steps: number;
  /** Failure probabilities of one release, as its events will carry them. */
  readonly failures?: Pick<PrivacyEvent, 'roundingFailure' | 'samplerFailure'> | undefined;
  /** The accountant that must agree: the headline ε, which needs less noise, or Rényi orders alone. */
  readonly by?: 'headline' | 'rdp' | undefined;
}

function requireTarget({ epsilon, delta, samplingRate, steps }: CalibrationTarget): void {
  requireRange('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'finite and above 0');
  requireDelta(delta);
  requireRange('samplingRate', samplingRate, samplingRate > 0 && samplingRate <= 1, 'in (0, 1]');
  requireRange('steps', steps, Number.isInteger(steps) && steps >= 1, 'an integer of at least 1');
}

/** Doubles or halves from 1 to a multiplier that is enough while half of it is not. */
function bracket(isEnough: (noiseMultiplier: number) => boolean, epsilon: number): number {
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > LARGEST) {
      throw new RangeError(`no noiseMultiplier up to ${LARGEST} reaches epsilon ${epsilon}`);
    }
  }
  while (high > 1 / LARGEST && isEnough(high / 2)) high /= 2;
  return high;
}

/**
 * Smallest noise multiplier with ε ≤ `epsilon` after `steps` Gaussian or Laplace releases, from above: to a relative 1e-7 by the
 * exact Gaussian and by Rényi orders, to a relative 1e-5 in ε by loss distributions.
 * The ε is that of {@link epsilonOf}, so that the planned run fits its budget to the last release.
 * @throws if no multiplier up to 1e6 is enough, as where failures take all of δ
 */
export function calibrateNoiseMultiplier(target: CalibrationTarget): number {
  requireTarget(target);
  const { epsilon, delta, samplingRate, steps, failures, by = 'headline' } = target;
  const { noise: kind = 'gaussian' } = target;
  const events = (noiseMultiplier: number): PrivacyEvent[] => [
    { ...failures, kind, samplingRate, noiseMultiplier, count: steps, round: 0 },
  ];
  const byRdp = (sigma: number): number => runningEpsilonOf(events(sigma), delta);
  const headline = (sigma: number): number => epsilonOf(events(sigma), delta);
  const quick = (sigma: number): number => headlineEpsilon(events(sigma), delta, QUICK_EFFORT);
  if (by === 'rdp' || (kind === 'gaussian' && samplingRate === 1)) {
    const isEnough = (sigma: number): boolean =>
      (by === 'rdp' ? byRdp(sigma) : headline(sigma)) <= epsilon;
    const high = bracket(isEnough, epsilon);
    return bisectUp(high / 2, high, isEnough, 1e-7);
  }
  const start = bracket((sigma) => byRdp(sigma) <= epsilon, epsilon);
  const near = bracketCost(quick, epsilon, { start, tolerance: 1e-3 });
  return bracketCost(headline, epsilon, { start: near, tolerance: TOLERANCE });
}
