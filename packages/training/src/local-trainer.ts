import {
  checkWeights,
  flatten,
  parameterCount,
  unflatten,
  type AdapterSpec,
  type AdapterWeights,
} from '@roundtable/lora';
import {
  longestSumChain,
  releasedTrajectory,
  unprotectedRelease,
  type PrivacyEvent,
  type ReleasedIntegers,
  type ReleasedTrajectory,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import type { BaseModel } from '@roundtable/transformer';
import { disposeFactors, uploadFactors, type FactorTensors } from './adapter-tensors.ts';
import { largestSize, microBatchSize } from './batch-size.ts';
import { mostRows } from './blocked-sum.ts';
import type { GradientTarget } from './device-gradients.ts';
import type { Example } from './encode-examples.ts';
import type { ExampleBatches, PrepareProgress } from './example-batches.ts';
import { clippedGradientSum, plainGradientSum } from './example-gradients.ts';
import type { LocalStep, LocalTrainer, OnPass, RoundStart } from './local-training.ts';
import { adam, sgd } from './optimizer.ts';
import { PreparedExamples, type OnDevice } from './prepared-examples.ts';
import { eventOf, OneRelease, releasing } from './releasing.ts';
import {
  requireConsistent,
  requireNormChain,
  type LocalTrainerSettings,
} from './trainer-settings.ts';

/** DP-SGD (Abadi et al. 2016, algorithm 1) with a public divisor. */
class DpSgdTrainer implements LocalTrainer {
  readonly examplesUsed: number;
  readonly #prepared: PreparedExamples;
  readonly #model: BaseModel;
  readonly #spec: AdapterSpec;
  readonly #settings: LocalTrainerSettings;
  readonly #trainsA: boolean;
  /** Float32 additions that the noise allows each term of a released sum. */
  readonly #sumChain: number;
  /** What local steps are released by: with a client as the unit they stay here and need no protection. */
  readonly #stepRelease: ReleaseMechanism;
  #base: AdapterWeights;
  #start: Float32Array;
  #trajectory: ReleasedTrajectory;
  #learningRate: number;
  #round = 0;
  #whole = new OneRelease();
  #factors: FactorTensors | null = null;

  constructor(
    model: BaseModel,
    spec: AdapterSpec,
    weights: AdapterWeights,
    examples: readonly Example[],
    settings: LocalTrainerSettings,
  ) {
    requireConsistent(settings);
    const clipsExamples = settings.privacyUnit === 'example' && settings.clippingNorm !== null;
    if (clipsExamples) requireNormChain(spec, settings.variant);
    this.#model = model;
    this.#spec = spec;
    this.#settings = settings;
    this.#prepared = new PreparedExamples(model, spec, examples, settings);
    this.examplesUsed = this.#prepared.examples.length;
    this.#sumChain = longestSumChain(settings.training.maxExamplesPerStep);
    this.#trainsA = settings.variant.trainedParts.includes('A');
    this.#learningRate = settings.learningRate;
    checkWeights(spec, weights);
    this.#base = weights;
    this.#stepRelease = settings.privacyUnit === 'client' ? unprotectedRelease() : settings.release;
    this.#start = flatten(weights, settings.variant.trainedParts);
    this.#trajectory = this.#freshTrajectory();
  }

  get updateEvent(): PrivacyEvent | null {
    const { privacyUnit, release } = this.#settings;
    return privacyUnit === 'client' ? eventOf(release, this.#round) : null;
  }

  async prepare(onProgress?: PrepareProgress): Promise<void> {
    await this.#prepared.prepare(onProgress);
  }

  beginRound({ round, weights, learningRate, rule }: RoundStart): void {
    if (rule !== undefined) throw new RangeError('rule must be left out for training by gradients');
    checkWeights(this.#spec, weights);
    this.#round = round;
    this.#learningRate = learningRate;
    this.#base = weights;
    this.#start = flatten(weights, this.#settings.variant.trainedParts);
    this.#trajectory = this.#freshTrajectory();
    this.#whole = new OneRelease();
    this.#dropFactors();
  }

  async step(onPass: OnPass = () => undefined): Promise<LocalStep> {
    const { batches, losses } = await this.#prepared.prepare();
    const indices = this.#prepared.drawBatch(this.#settings.random);
    const { gradient, lossSum } = await this.#gradientSum({ batches, losses }, indices, onPass);
    releasing(() => {
      this.#trajectory.take(this.#stepRelease.release(gradient), this.#learningRate);
    });
    this.#dropFactors();
    return {
      localLoss: indices.length === 0 ? null : lossSum / indices.length,
      examples: indices.length,
      event: eventOf(this.#stepRelease, this.#round),
    };
  }

  weights(): AdapterWeights {
    const { trainedParts } = this.#settings.variant;
    return unflatten(this.#spec, this.#trajectory.weights(), trainedParts, this.#base);
  }

  update(): ReleasedIntegers {
    if (this.#settings.privacyUnit === 'example') {
      return releasing(() => this.#trajectory.update());
    }
    return this.#whole.of(() => this.#moved(), this.#settings.release);
  }

  dispose(): void {
    this.#prepared.dispose();
    this.#dropFactors();
  }

  /** Weights now − weights at the round's start. */
  #moved(): Float64Array {
    const now = this.#trajectory.weights();
    return Float64Array.from(now, (value, i) => value - this.#start[i]!);
  }

  /** Σ over the batch of (clipped) gradients; zero for an empty batch. Micro-batches add up in double precision. */
  async #gradientSum(
    { batches, losses }: OnDevice,
    indices: readonly number[],
    onPass: OnPass,
  ): Promise<{ gradient: Float64Array; lossSum: number }> {
    const target: GradientTarget = {
      spec: this.#spec,
      factors: this.#uploadedFactors(),
      trainsA: this.#trainsA,
      losses,
      isOneRow: batches.rowsPerExample === 1,
    };
    const clippingNorm = this.#stepRelease.clippingNorm;
    const total = new Float64Array(this.#start.length);
    const size = this.#microBatchSize(batches, clippingNorm !== null);
    let lossSum = 0;
    for (const group of batches.groups(indices, size)) {
      const sum =
        clippingNorm === null
          ? await plainGradientSum(target, group)
          : await clippedGradientSum(target, group, clippingNorm, this.#sumChain);
      for (let i = 0; i < total.length; i += 1) total[i]! += sum.gradient[i]!;
      lossSum += sum.lossSum;
      await onPass();
    }
    return { gradient: total, lossSum };
  }

  /** Clipped sums are bounded in length, because the noise allows for their rounding. */
  #microBatchSize(batches: ExampleBatches, isClipped: boolean): number {
    const { task } = this.#settings;
    const size = microBatchSize(this.#model, task, largestSize(batches), this.#start.length);
    return isClipped ? Math.min(size, mostRows(this.#sumChain)) : size;
  }

  #uploadedFactors(): FactorTensors {
    this.#factors ??= uploadFactors(this.#spec, this.weights());
    return this.#factors;
  }

  #dropFactors(): void {
    if (this.#factors !== null) disposeFactors(this.#factors);
    this.#factors = null;
  }

  #freshTrajectory(): ReleasedTrajectory {
    const { training, variant } = this.#settings;
    const optimizer =
      training.optimizer === 'adam'
        ? adam(parameterCount(this.#spec, variant.trainedParts))
        : sgd();
    return releasedTrajectory({ start: this.#start, optimizer, divisor: training.batchDivisor });
  }
}

/**
 * A trainer of one adapter on this device's examples. The caller has set the tfjs backend; nothing runs yet.
 * @throws RangeError where release, clipping and sampling do not belong together or the weights do not fit the spec
 */
export function createLocalTrainer(
  model: BaseModel,
  spec: AdapterSpec,
  weights: AdapterWeights,
  examples: readonly Example[],
  settings: LocalTrainerSettings,
): LocalTrainer {
  return new DpSgdTrainer(model, spec, weights, examples, settings);
}
