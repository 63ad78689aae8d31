import { flatten } from '@roundtable/lora';
import { scalarDivisor, zerothOrderRule } from '@roundtable/methods';
import type { MethodTerms } from '@roundtable/methods';
import { clipVector, joinReleases } from '@roundtable/privacy';
import type { PrivacyEvent, ReleasedIntegers, ReleaseMechanism } from '@roundtable/privacy';
import { releaseFor } from '../release-for.ts';
import type { ParticipantTrainer, TrainedUpdate, TrainingTask } from '../trainer.ts';

/** Half the squared distance of every coordinate to `goal`. */
export function quadraticLoss(values: Float32Array, goal: number): number {
  return values.reduce((sum, value) => sum + (value - goal) ** 2, 0) / 2;
}

/**
 * Trains by the zeroth order on a loss that needs no model; directions, moves and releases are the real ones. Its local
 * steps stand still where one client is the unit.
 */
export class QuadraticTrainer implements ParticipantTrainer {
  readonly spec;
  readonly tasks: TrainingTask[] = [];
  readonly #terms: MethodTerms;
  readonly #goal: number;
  readonly #mechanism: ReleaseMechanism;

  constructor(terms: MethodTerms, goal: number) {
    this.spec = terms.spec;
    this.#terms = terms;
    this.#goal = goal;
    this.#mechanism = releaseFor(terms);
  }

  async train(task: TrainingTask): Promise<TrainedUpdate | null> {
    this.tasks.push(task);
    const { round, localSteps: steps } = task;
    const rule = zerothOrderRule(this.#terms, task.globalState, task);
    const values = flatten(task.globalState.weights, rule.parts);
    const { settings } = this.#terms;
    const isWhole = settings.privacy?.privacyUnit === 'client';
    const releases: ReleasedIntegers[] = [];
    const all: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      if (task.shouldStop()) return null;
      const slopes = this.#slopes(values, rule.directionsOf(step));
      all.push(...slopes);
      if (!isWhole) {
        const released = this.#release(slopes);
        releases.push(released);
        const divisor = scalarDivisor(settings);
        const scalars = released.reals().map((real) => real / divisor);
        rule.move(values, step, task.learningRate, scalars);
      }
      await task.onStep({ step: step + 1, steps, localLoss: null, examples: 1 });
    }
    if (isWhole) releases.push(this.#release(Float64Array.from(all)));
    const { event } = this.#mechanism;
    const events: PrivacyEvent[] =
      event === null ? [] : releases.map(() => ({ ...event, count: 1, round }));
    return { update: joinReleases(releases), events, examplesUsed: 1 };
  }

  #release(slopes: Float64Array): ReleasedIntegers {
    const { clippingNorm, norm } = this.#mechanism;
    return this.#mechanism.release(
      clippingNorm === null ? slopes : clipVector(slopes, clippingNorm, norm),
    );
  }

  /** Differences along the directions: exact for a quadratic, whatever the scale. */
  #slopes(values: Float32Array, directions: readonly Float32Array[]): Float64Array {
    return Float64Array.from(directions, (direction) =>
      direction.reduce((sum, z, i) => sum + z * (values[i]! - this.#goal), 0),
    );
  }
}
