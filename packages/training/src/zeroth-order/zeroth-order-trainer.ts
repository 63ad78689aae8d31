import {
  checkWeights,
  flatten,
  parameterCount,
  unflatten,
  type AdapterSpec,
  type AdapterWeights,
} from '@roundtable/lora';
import type { PrivacyEvent, ReleasedIntegers } from '@roundtable/privacy';
import type { BaseModel } from '@roundtable/transformer';
import type { Example } from '../encode-examples.ts';
import type { PrepareProgress } from '../example-batches.ts';
import type { LocalStep, LocalTrainer, OnPass, RoundStart } from '../local-training.ts';
import { PreparedExamples } from '../prepared-examples.ts';
import { eventOf, releasing } from '../releasing.ts';
import { clippedSum } from './clip-rows.ts';
import { lossDifferences } from './loss-differences.ts';
import { ScalarTrajectory } from './scalar-trajectory.ts';
import { roundScalars, type RoundScalars } from './step-release.ts';
import { EXAMPLES_PER_PREFIX } from './passes.ts';
import {
  requireRule,
  requireZerothOrder,
  type ZerothOrderSettings,
} from './zeroth-order-settings.ts';

interface OpenRound {
  readonly round: number;
  readonly trajectory: ScalarTrajectory;
  readonly scalars: RoundScalars;
}

/** DP-AggZO (USENIX Security 2025) along public directions; one direction is DPZero (arXiv 2310.09639). */
class ZerothOrderTrainer implements LocalTrainer {
  readonly examplesUsed: number;
  readonly #model: BaseModel;
  readonly #spec: AdapterSpec;
  readonly #settings: ZerothOrderSettings;
  readonly #prepared: PreparedExamples;
  #base: AdapterWeights;
  #open: OpenRound | null = null;

  constructor(
    model: BaseModel,
    spec: AdapterSpec,
    weights: AdapterWeights,
    examples: readonly Example[],
    settings: ZerothOrderSettings,
  ) {
    requireZerothOrder(settings);
    checkWeights(spec, weights);
    this.#model = model;
    this.#spec = spec;
    this.#settings = settings;
    this.#base = weights;
    this.#prepared = new PreparedExamples(model, spec, examples, settings, EXAMPLES_PER_PREFIX);
    this.examplesUsed = this.#prepared.examples.length;
  }

  get updateEvent(): PrivacyEvent | null {
    const { privacyUnit, release } = this.#settings;
    return privacyUnit === 'client' ? eventOf(release, this.#open?.round ?? 0) : null;
  }

  async prepare(onProgress?: PrepareProgress): Promise<void> {
    await this.#prepared.prepare(onProgress);
  }

  beginRound({ round, weights, learningRate, rule }: RoundStart): void {
    const { parts } = this.#settings;
    requireRule(rule, this.#settings, parameterCount(this.#spec, parts));
    checkWeights(this.#spec, weights);
    this.#base = weights;
    const trajectory = new ScalarTrajectory(flatten(weights, parts), rule, learningRate);
    this.#open = { round, trajectory, scalars: roundScalars(this.#settings) };
  }

  async step(onPass?: OnPass): Promise<LocalStep> {
    const { round, trajectory, scalars } = this.#requireRound();
    const { batches, losses } = await this.#prepared.prepare();
    const indices = this.#prepared.drawBatch(this.#settings.random);
    const { parts, scale, privacyUnit, clipping, directions } = this.#settings;
    const target = {
      model: this.#model,
      spec: this.#spec,
      task: this.#settings.task,
      batches,
      losses,
      base: this.#base,
      parts,
      values: trajectory.values(),
      directions: trajectory.directions(),
      scale,
    };
    const { rows, lossSum } = await lossDifferences(target, indices, onPass);
    const bound = privacyUnit === 'example' ? clipping : null;
    releasing(() => {
      const sum = clippedSum(rows, directions, bound);
      scalars.take(sum, (moves) => {
        trajectory.take(moves);
      });
    });
    return {
      localLoss: indices.length === 0 ? null : lossSum / indices.length,
      examples: indices.length,
      event: scalars.stepEvent(round),
    };
  }

  weights(): AdapterWeights {
    const { parts } = this.#settings;
    const values = this.#open?.trajectory.values() ?? flatten(this.#base, parts);
    return unflatten(this.#spec, values, parts, this.#base);
  }

  update(): ReleasedIntegers {
    return this.#requireRound().scalars.update();
  }

  dispose(): void {
    this.#prepared.dispose();
  }

  #requireRound(): OpenRound {
    if (this.#open === null) throw new RangeError('a round with its rule must have begun');
    return this.#open;
  }
}

/**
 * A trainer of one adapter by forward passes alone. The caller has set the tfjs backend; nothing runs yet. Its update are
 * the scalars of all steps of a round, step by step and direction by direction.
 * @throws RangeError where release, clipping and sampling do not belong together or the weights do not fit the spec
 */
export function createZerothOrderTrainer(
  model: BaseModel,
  spec: AdapterSpec,
  weights: AdapterWeights,
  examples: readonly Example[],
  settings: ZerothOrderSettings,
): LocalTrainer {
  return new ZerothOrderTrainer(model, spec, weights, examples, settings);
}
