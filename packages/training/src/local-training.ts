import type { AdapterWeights } from '@roundtable/lora';
import type { PrivacyEvent, ReleasedIntegers } from '@roundtable/privacy';
import type { PrepareProgress } from './example-batches.ts';
import type { ScalarRule } from './zeroth-order/scalar-rule.ts';

/** What one step tells its own device. Loss and count are private: only `event` may shape what leaves. */
export interface LocalStep {
  /**
   * Mean loss of the step's examples before it, in nats; null for an empty batch. Of forward passes alone it is the mean of
   * the losses at θ ± μz.
   */
  readonly localLoss: number | null;
  readonly examples: number;
  /** What the step's release cost; null where it released nothing that is protected. */
  readonly event: PrivacyEvent | null;
}

export interface RoundStart {
  readonly round: number;
  readonly weights: AdapterWeights;
  readonly learningRate: number;
  /** The round's public directions: what the zeroth order moves by, absent for gradients. */
  readonly rule?: ScalarRule;
}

/** Called within a step; it may return a promise. */
export type OnPass = () => void | Promise<void>;

/** Trains one adapter on one device's examples and releases what may leave it. */
export interface LocalTrainer {
  /** Local examples that take part: all, or the first that the public cap allows. */
  readonly examplesUsed: number;
  /** Runs the frozen layers once over all examples; the first step does it where nobody did. */
  prepare(onProgress?: PrepareProgress): Promise<void>;
  /** Starts from the global adapter with a fresh optimizer. */
  beginRound(start: RoundStart): void;
  /**
   * @param onPass awaited after every pass over some examples, so that others on the thread get their turn
   * @throws TrainingFailure, weights unchanged, where anything is not finite
   */
  step(onPass?: OnPass): Promise<LocalStep>;
  /** A copy of the weights. With a client as the unit they are private: only `update` may leave. */
  weights(): AdapterWeights;
  /**
   * Of gradients: weights now − weights at the round's start, in `flatten`'s order of the trained parts. Of the zeroth
   * order: the released scalars, step by step and direction by direction. With a client as the unit it is clipped and
   * released here, once in a round: later calls give the same again.
   * @throws TrainingFailure where the release fails; it then counts as spent
   */
  update(): ReleasedIntegers;
  /** What `update` costs by itself; null unless a client is the unit. */
  readonly updateEvent: PrivacyEvent | null;
  dispose(): void;
}
