import {
  checkWeights,
  flatten,
  parameterCount,
  unflatten,
  type AdapterSpec,
  type AdapterWeights,
} from '@roundtable/lora';
import {
  BatchOverflow,
  clipVector,
  longestSumChain,
  poissonCapacity,
  poissonSample,
  ReleaseFailure,
  releasedTrajectory,
  unprotectedRelease,
  type PrivacyEvent,
  type ReleasedIntegers,
  type ReleasedTrajectory,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import type { BaseModel } from '@roundtable/transformer';
import { disposeFactors, uploadFactors, type FactorTensors } from './adapter-tensors.ts';
import { microBatchSize } from './batch-size.ts';
import { mostRows } from './blocked-sum.ts';
import type { GradientTarget } from './device-gradients.ts';
import type { Example } from './encode-examples.ts';
import { prepareExamples, type ExampleBatches, type PrepareProgress } from './example-batches.ts';
import { clippedGradientSum, plainGradientSum } from './example-gradients.ts';
import { exampleLosses, type ExampleLosses } from './example-losses.ts';
import { TrainingFailure } from './failure.ts';
import { adam, sgd } from './optimizer.ts';
import {
  requireConsistent,
  requireNormChain,
  type LocalTrainerSettings,
} from './trainer-settings.ts';

/** What one step tells its own device. Loss and count are private: only `event` may shape what leaves. */
export interface LocalStep {
  /** Mean loss of the step's examples before it, in nats; null for an empty batch. */
  readonly localLoss: number | null;
  readonly examples: number;
  /** What the step's release cost; null where it released nothing that is protected. */
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
  /** A copy of the weights. With a client as the unit they are private: only `update` may leave. */
  weights(): AdapterWeights;
  /**
   * Weights now − weights at the round's start, in `flatten`'s order of the trained parts. With a client as the unit it is
   * clipped and released here, once in a round: later calls give the same again.
   * @throws TrainingFailure where the release fails; it then counts as spent
   */
  update(): ReleasedIntegers;
  /** What `update` costs by itself; null unless a client is the unit. */
  readonly updateEvent: PrivacyEvent | null;
  dispose(): void;
}

/** Runs a release; what it refuses is a failure of the training. */
function releasing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ReleaseFailure)) throw error;
    throw new TrainingFailure(error.kind, error.message, { cause: error });
  }
}

class DpSgdTrainer implements LocalTrainer {
  readonly examplesUsed: number;
  readonly #model: BaseModel;
  readonly #spec: AdapterSpec;
  readonly #settings: LocalTrainerSettings;
  readonly #examples: readonly Example[];
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
  /** The one release of a whole update: made, failed, or not yet tried. */
  #whole: ReleasedIntegers | 'failed' | null = null;
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
    const clipsExamples = settings.privacyUnit === 'example' && settings.clippingNorm !== null;
    if (clipsExamples) requireNormChain(spec, settings.variant);
    const { samplingRate, maxExamplesPerStep } = settings.training;
    this.#model = model;
    this.#spec = spec;
    this.#settings = settings;
    this.#examples = examples.slice(0, poissonCapacity(samplingRate, maxExamplesPerStep));
    this.examplesUsed = this.#examples.length;
    this.#sumChain = longestSumChain(maxExamplesPerStep);
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
    return privacyUnit === 'client' ? this.#eventOf(release) : null;
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
    this.#trajectory = this.#freshTrajectory();
    this.#whole = null;
    this.#dropFactors();
  }

  async step(): Promise<LocalStep> {
    await this.prepare();
    const indices = this.#drawBatch();
    const { gradient, lossSum } = await this.#gradientSum(indices);
    releasing(() => {
      this.#trajectory.take(this.#stepRelease.release(gradient), this.#learningRate);
    });
    this.#dropFactors();
    return {
      localLoss: indices.length === 0 ? null : lossSum / indices.length,
      examples: indices.length,
      event: this.#eventOf(this.#stepRelease),
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
    if (this.#whole === 'failed') {
      throw new TrainingFailure('already-released', "this round's one release has failed");
    }
    if (this.#whole === null) {
      this.#whole = 'failed';
      this.#whole = this.#releaseWhole();
    }
    return this.#whole;
  }

  dispose(): void {
    this.#prepared?.losses.dispose();
    this.#prepared?.batches.dispose();
    this.#prepared = null;
    this.#dropFactors();
  }

  #releaseWhole(): ReleasedIntegers {
    const { clippingNorm, release } = this.#settings;
    const now = this.#trajectory.weights();
    const moved = Float64Array.from(now, (value, i) => value - this.#start[i]!);
    return releasing(() => release.release(clipVector(moved, clippingNorm!)));
  }

  #eventOf({ event }: ReleaseMechanism): PrivacyEvent | null {
    return event === null ? null : { ...event, count: 1, round: this.#round };
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
  ): Promise<{ gradient: Float64Array; lossSum: number }> {
    const { batches, losses } = this.#prepared!;
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
    }
    return { gradient: total, lossSum };
  }

  /** Clipped sums are bounded in length, because the noise allows for their rounding. */
  #microBatchSize(batches: ExampleBatches, isClipped: boolean): number {
    const { task } = this.#settings;
    const size = microBatchSize(this.#model, task, batches, this.#start.length);
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
