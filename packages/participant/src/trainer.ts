import type { AdapterSpec } from '@roundtable/lora';
import type { PrivacyEvent, ReleasedIntegers } from '@roundtable/privacy';

/** What the person sees of a step; none of it is sent. */
export interface StepProgress {
  /** Finished steps of this round, from 1. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the step's examples; null for an empty batch. */
  readonly localLoss: number | null;
  readonly examples: number;
}

export interface TrainingTask {
  readonly round: number;
  readonly learningRate: number;
  readonly localSteps: number;
  /** The global adapter's broadcast parts, in `flatten`'s order. */
  readonly globalVector: Float32Array;
  /** Awaited after every step, so that the device can rest in between. */
  readonly onStep: (progress: StepProgress) => void | Promise<void>;
  /** Asked before every step. */
  readonly shouldStop: () => boolean;
}

export interface TrainedUpdate {
  /** Weights after − weights before, moved by released gradients only; the trained parts in `flatten`'s order. */
  readonly update: ReleasedIntegers;
  /** The releases that really ran; empty without differential privacy. */
  readonly events: readonly PrivacyEvent[];
  readonly examplesUsed: number;
}

/** Turns this device's examples into updates. */
export interface ParticipantTrainer {
  readonly spec: AdapterSpec;
  /**
   * Trains one round; null where `shouldStop` said so.
   * @throws where anything went wrong: the participant then sends nothing
   */
  train(task: TrainingTask): Promise<TrainedUpdate | null>;
}
