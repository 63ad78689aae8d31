import { epsilonOf, runningEpsilonOf } from '../accounting/accountant.ts';
import { calibrateNoiseMultiplier, type CalibrationTarget } from '../accounting/calibrate.ts';
import { requireRange } from '../arguments.ts';
import {
  plannedRelease,
  type PlannedRelease,
  type ReleasePlanSettings,
} from './planned-release.ts';

/** A federation's public settings but for its noise, and what all of its rounds may cost. */
export interface CalibrationPlan extends Omit<ReleasePlanSettings, 'noiseMultiplier'> {
  /** ε > 0 that all rounds together may reach. */
  readonly epsilon: number;
  readonly delta: number;
  /** Rounds that are to fit, an integer ≥ 1. */
  readonly rounds: number;
  /** The accountant that must agree; the headline ε by default. */
  readonly by?: CalibrationTarget['by'];
}

const LARGEST_STEP = 1.01;

/**
 * Smallest noise multiplier, to a relative 1e-5 or better, with which all rounds of the planned releases fit into ε, the
 * failure probabilities of rounding and sampling included: the last round must fit to the last digit, or every
 * participant would decline it.
 * @throws RangeError where none reaches it
 */
export function calibratePlan(plan: CalibrationPlan): number {
  const { epsilon, delta, rounds, by = 'headline', noise } = plan;
  requireRange('rounds', rounds, Number.isInteger(rounds) && rounds >= 1, 'an integer ≥ 1');
  const planned = (noiseMultiplier: number): PlannedRelease =>
    plannedRelease({ ...plan, noiseMultiplier });
  // Failures hardly depend on the noise: those of any noise do to begin with.
  const { event, count } = planned(1);
  const { samplingRate, roundingFailure, samplerFailure } = event;
  const failures = { roundingFailure, samplerFailure };
  const steps = count * rounds;
  let sigma = calibrateNoiseMultiplier({
    epsilon,
    delta,
    samplingRate,
    steps,
    failures,
    by,
    noise,
  });
  const epsilonBy = by === 'rdp' ? runningEpsilonOf : epsilonOf;
  const total = (): number =>
    epsilonBy([{ ...planned(sigma).event, count: steps, round: 0 }], delta);
  for (let step = 1e-7; total() > epsilon; step *= 4) {
    const isNear = 1 + step <= LARGEST_STEP;
    requireRange('epsilon', epsilon, isNear, 'within reach of some noise');
    sigma *= 1 + step;
  }
  return sigma;
}
