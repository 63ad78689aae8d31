import { epsilonOf } from './accountant.ts';
import { requireDelta, requireRange } from '../arguments.ts';
import { bisectUp } from './exact-gaussian.ts';

const LARGEST = 1e6;

export interface CalibrationTarget {
  /** ε > 0 that the run may reach at its end. */
  readonly epsilon: number;
  readonly delta: number;
  /** Poisson rate q in (0, 1]. */
  readonly samplingRate: number;
  /** Number of releases, an integer ≥ 1. */
  readonly steps: number;
}

/**
 * Smallest noise multiplier, to a relative 1e-7 from above, with {@link epsilonOf} ≤ `epsilon` after `steps` releases.
 * @throws if no multiplier up to 1e6 is enough
 */
export function calibrateNoiseMultiplier(target: CalibrationTarget): number {
  const { epsilon, delta, samplingRate, steps } = target;
  requireRange('epsilon', epsilon, epsilon > 0 && epsilon < Infinity, 'finite and above 0');
  requireDelta(delta);
  requireRange('samplingRate', samplingRate, samplingRate > 0 && samplingRate <= 1, 'in (0, 1]');
  requireRange('steps', steps, Number.isInteger(steps) && steps >= 1, 'an integer of at least 1');
  const isEnough = (noiseMultiplier: number): boolean => {
    const event = {
      kind: 'gaussian',
      samplingRate,
      noiseMultiplier,
      count: steps,
      round: 0,
    } as const;
    return epsilonOf([event], delta) <= epsilon;
  };
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > LARGEST) {
      throw new RangeError(`no noiseMultiplier up to ${LARGEST} reaches epsilon ${epsilon}`);
    }
  }
  return bisectUp(high > 1 ? high / 2 : 0, high, isEnough, 1e-7);
}
