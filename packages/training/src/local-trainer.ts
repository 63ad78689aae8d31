import {
  checkWeights,
  flatten,
  parameterCount,
  unflatten,
  type AdapterSpec,
  type AdapterVariant,
  type AdapterWeights,
} from '@roundtable/lora';
import {
  BatchOverflow,
  poissonCapacity,
  poissonSample,
  type PrivacyEvent,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import type { RandomSource } from '@roundtable/random';
import type { BaseModel } from '@roundtable/transformer';
import { disposeFactors, uploadFactors, type FactorTensors } from './adapter-tensors.ts';
import { microBatchSize } from './batch-size.ts';
import type { GradientTarget } from './device-gradients.ts';
import type { Example } from './encode-examples.ts';
import { prepareExamples, type ExampleBatches, type PrepareProgress } from './example-batches.ts';
import { clippedGradientSum, plainGradientSum } from './example-gradients.ts';
import { exampleLosses, type ExampleLosses } from './example-losses.ts';
import { TrainingFailure } from './failure.ts';
import { adam, sgd, type Optimizer } from './optimizer.ts';
import type { Task } from './task.ts';

/** What a federation says about local steps. */
export interface LocalTraining {
  readonly optimizer: 'sgd' | 'adam';
  /** Poisson rate q in (0, 1] of each example at each step; 1 takes all. */
  readonly samplingRate: number;
  /** Public constant b > 0 that divides every released sum, also an empty one. */
  readonly batchDivisor: number;
  /** Public cap on the examples of one step. */
  readonly maxExamplesPerStep: number;
}

export interface LocalTrainerSettings {
  readonly task: Task;
  readonly variant: AdapterVariant;
  readonly training: LocalTraining;
  /** L2 bound C on each example's gradient; null only with a release that protects nothing. */
  readonly clippingNorm: number | null;
  readonly release: ReleaseMechanism;
  /** η of the first round; {@link LocalTrainer.beginRound} sets later ones. */
  readonly learningRate: number;
  /** Coins of the Poisson batches: secure wherever something is protected. */
  readonly random: RandomSource;
}

/** What one step tells its own device. Loss and count are private: only `event` may shape what leaves. */
export interface LocalStep {
  /** Mean loss of the step's examples before it, in nats; null for an empty batch. */
  readonly localLoss: number | null;
  readonly examples: number;
  /** What the step's release cost; null where nothing is protected. */
  readonly event: PrivacyEvent | null;
}

export interface RoundStart {
  readonly round: number;
  readonly weights: AdapterWeights;
  readonly learningRate: number;
}

/** Trains one adapter on one device's examples by DP-SGD (Abadi et al. 2016, algorithm 1, with a public divisor). */
export interface LocalTrainer {
  /** Local examples that take part: all, or the first that the public cap allows. */
  readonly examplesUsed: number;
  /** Runs the frozen layers once over all examples; the first step does it where nobody did. */
  prepare(onProgress?: PrepareProgress): Promise<void>;
  /** Starts from the global adapter with a fresh optimizer. */
  beginRound(start: RoundStart): void;
  /** @throws TrainingFailure, weights unchanged, where anything is not finite */
  step(): Promise<LocalStep>;
  /** A copy of the weights. */
  weights(): AdapterWeights;
  /** Weights now − weights at the round's start, in `flatten`'s order of the trained parts. */
  update(): Float32Array;
  dispose(): void;
}

function requireConsistent({ clippingNorm, release, training }: LocalTrainerSettings): void {
  if (release.clippingNorm !== clippingNorm) {
    throw new RangeError(
      `clippingNorm must be the release's ${String(release.clippingNorm)}, got ${String(clippingNorm)}`,
    );
  }
  const { event } = release;
  if (event !== null && event.samplingRate !== training.samplingRate) {
    throw new RangeError(
      `samplingRate must be the release's ${event.samplingRate}, got ${training.samplingRate}`,
    );
  }
  if (!(training.batchDivisor > 0 && training.batchDivisor < Infinity)) {
    throw new RangeError(`batchDivisor must be finite and above 0, got ${training.batchDivisor}`);
  }
}

class DpSgdTrainer implements LocalTrainer {
  readonly examplesUsed: number;
  readonly #model: BaseModel;
  readonly #spec: AdapterSpec;
  readonly #settings: LocalTrainerSettings;
  readonly #examples: readonly Example[];
  readonly #trainsA: boolean;
  #base: AdapterWeights;
  #start: Float32Array;
  #current: Float32Array;
  #optimizer: Optimizer;
  #learningRate: number;
  #round = 0;
  #prepared: { batches: ExampleBatches; losses: ExampleLosses } | null = null;
  #factors: FactorTensors | null = null;

  constructor(
    model: BaseModel,
    spec: AdapterSpec,
    weights: AdapterWeights,
    examples: readonly Example[],
    settings: LocalTrainerSettings,
  ) {
    requireConsistent(settings);
    const { samplingRate, maxExamplesPerStep } = settings.training;
    this.#model = model;
    this.#spec = spec;
    this.#settings = settings;
    this.#examples = examples.slice(0, poissonCapacity(samplingRate, maxExamplesPerStep));
    this.examplesUsed = this.#examples.length;
    this.#trainsA = settings.variant.trainedParts.includes('A');
    this.#learningRate = settings.learningRate;
    checkWeights(spec, weights);
    this.#base = weights;
    this.#start = flatten(weights, settings.variant.trainedParts);
    this.#current = this.#start.slice();
    this.#optimizer = this.#freshOptimizer();
  }

  async prepare(onProgress?: PrepareProgress): Promise<void> {
    if (this.#prepared !== null) return;
    const batches = await prepareExamples(this.#model, this.#spec, this.#examples, onProgress);
    try {
      const losses = exampleLosses(this.#model, this.#settings.task, batches);
      this.#prepared = { batches, losses };
    } catch (error) {
      batches.dispose();
      throw error;
    }
  }

  beginRound({ round, weights, learningRate }: RoundStart): void {
    checkWeights(this.#spec, weights);
    this.#round = round;
    this.#learningRate = learningRate;
    this.#base = weights;
    this.#start = flatten(weights, this.#settings.variant.trainedParts);
    this.#current = this.#start.slice();
    this.#optimizer = this.#freshOptimizer();
    this.#dropFactors();
  }

  async step(): Promise<LocalStep> {
    await this.prepare();
    const indices = this.#drawBatch();
    const { gradient, lossSum } = await this.#gradientSum(indices);
    const released = this.#settings.release.release(gradient);
    const { batchDivisor } = this.#settings.training;
    const next = this.#current.slice();
    this.#optimizer.apply(
      next,
      released.map((value) => value / batchDivisor),
      this.#learningRate,
    );
    if (!next.every(Number.isFinite)) {
      throw new TrainingFailure('not-finite', 'a weight became NaN or infinite');
    }
    this.#current = next;
    this.#dropFactors();
    const { event } = this.#settings.release;
    return {
      localLoss: indices.length === 0 ? null : lossSum / indices.length,
      examples: indices.length,
      event: event === null ? null : { ...event, count: 1, round: this.#round },
    };
  }

  weights(): AdapterWeights {
    const { trainedParts } = this.#settings.variant;
    return unflatten(this.#spec, this.#current, trainedParts, this.#base);
  }

  update(): Float32Array {
    return this.#current.map((value, i) => value - this.#start[i]!);
  }

  dispose(): void {
    this.#prepared?.losses.dispose();
    this.#prepared?.batches.dispose();
    this.#prepared = null;
    this.#dropFactors();
  }

  #drawBatch(): number[] {
    const { random, training } = this.#settings;
    const { samplingRate, maxExamplesPerStep } = training;
    try {
      return poissonSample(random, this.#examples.length, samplingRate, maxExamplesPerStep);
    } catch (error) {
      if (!(error instanceof BatchOverflow)) throw error;
      throw new TrainingFailure('batch-overflow', error.message, { cause: error });
    }
  }

  /** Σ over the batch of (clipped) gradients; zero for an empty batch. Micro-batches add up in double precision. */
  async #gradientSum(
    indices: readonly number[],
  ): Promise<{ gradient: Float32Array; lossSum: number }> {
    const { batches, losses } = this.#prepared!;
    const target: GradientTarget = {
      spec: this.#spec,
      factors: this.#uploadedFactors(),
      trainsA: this.#trainsA,
      losses,
      isOneRow: batches.rowsPerExample === 1,
    };
    const { clippingNorm, task } = this.#settings;
    const size = microBatchSize(this.#model, task, batches, this.#current.length);
    const total = new Float64Array(this.#current.length);
    let lossSum = 0;
    for (const group of batches.groups(indices, size)) {
      const sum =
        clippingNorm === null
          ? await plainGradientSum(target, group)
          : await clippedGradientSum(target, group, clippingNorm);
      for (let i = 0; i < total.length; i += 1) total[i]! += sum.gradient[i]!;
      lossSum += sum.lossSum;
    }
    return { gradient: Float32Array.from(total), lossSum };
  }

  #uploadedFactors(): FactorTensors {
    this.#factors ??= uploadFactors(this.#spec, this.weights());
    return this.#factors;
  }

  #dropFactors(): void {
    if (this.#factors !== null) disposeFactors(this.#factors);
    this.#factors = null;
  }

  #freshOptimizer(): Optimizer {
    return this.#settings.training.optimizer === 'adam'
      ? adam(parameterCount(this.#spec, this.#settings.variant.trainedParts))
      : sgd();
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
