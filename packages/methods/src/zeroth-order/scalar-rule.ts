import type { TrainablePart } from '@roundtable/lora';
import type { MethodTerms, ReceivedState } from '../method.ts';
import { knownState } from './receive.ts';
import { moveStep } from './replay.ts';
import { stageOf } from './stages.ts';

/** How a local trainer perturbs and moves the trained numbers: the very arithmetic of the log. */
export interface ScalarRule {
  /** p: trained numbers, in the flat vector's order of `parts`. */
  readonly length: number;
  readonly parts: readonly TrainablePart[];
  /** K. */
  readonly directions: number;
  /** μ. */
  readonly scale: number;
  /** z_1 … z_K of a local step, counted from 0; the latest step's are kept. */
  directionsOf(step: number): readonly Float32Array[];
  /**
   * Moves `values` as the log would.
   * @param learningRate after decay; the stage's factor comes on top of it here
   * @param scalars K numbers, divided by `scalarDivisor`; rounded to float32 here
   * @throws RangeError for another number of scalars, or where one is not finite
   */
  move(values: Float32Array, step: number, learningRate: number, scalars: ArrayLike<number>): void;
}

function requireStep(step: number, steps: number): void {
  if (!Number.isInteger(step) || step < 0 || step >= steps) {
    throw new RangeError(`step must be an integer in 0 … ${steps - 1}, got ${step}`);
  }
}

/**
 * The rule of one round from the state before it.
 * @param at the number of the round, and the completed ones before it
 * @throws TypeError for a state of another federation or method
 * @throws RangeError where the state does not stand right before that round
 */
export function zerothOrderRule(
  terms: MethodTerms,
  state: ReceivedState,
  { round, completedRounds }: { readonly round: number; readonly completedRounds: number },
): ScalarRule {
  const known = knownState(state, terms.federationId);
  if (known === null) throw new TypeError('state must be one that this federation’s log gave');
  if (known.completedRounds !== completedRounds || known.round >= round) {
    throw new RangeError(
      `state must be that before round ${round} after ${completedRounds} completed rounds, ` +
        `got round ${known.round} after ${known.completedRounds}`,
    );
  }
  const { plan, pull } = known;
  const { directions, scale } = plan.settings;
  const steps = terms.settings.training.localSteps;
  const factor = stageOf(plan.settings, completedRounds)?.factor ?? 1;
  let latest: { readonly step: number; readonly all: readonly Float32Array[] } | null = null;
  return {
    length: plan.coordinates.length,
    parts: plan.coordinates.variant.trainedParts,
    directions,
    scale,
    directionsOf: (step) => {
      requireStep(step, steps);
      if (latest?.step === step) return latest.all;
      latest = null;
      const all = Array.from({ length: directions }, (_, j) => plan.direction(round, step, j));
      latest = { step, all };
      return all;
    },
    move: (values, step, learningRate, scalars) => {
      requireStep(step, steps);
      if (scalars.length !== directions) {
        throw new RangeError(`scalars must be ${directions}, got ${scalars.length}`);
      }
      const kept = latest?.step === step ? latest.all : null;
      const directionOf = (j: number) => kept?.[j] ?? plan.direction(round, step, j);
      moveStep(values, { learningRate: learningRate * factor, scalars, pull }, directionOf);
    },
  };
}
