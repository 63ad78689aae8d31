import type { AdapterSpec } from '@roundtable/lora';
import type { ReceivedState } from '@roundtable/methods';
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
  /** Completed rounds before this one. */
  readonly completedRounds: number;
  readonly learningRate: number;
  readonly localSteps: number;
  /** The global adapter that the round begins from, and what its method has beside it. */
  readonly globalState: ReceivedState;
  /** Awaited after every step, so that the device can rest in between. */
  readonly onStep: (progress: StepProgress) => void | Promise<void>;
  /** Awaited within a step after each pass over some examples, so that others on the thread get their turn. */
  readonly onPass?: () => void | Promise<void>;
  /** Asked before every step, and within a step after each pass over some examples. */
  readonly shouldStop: () => boolean;
}

export interface TrainedUpdate {
  /**
   * What the method sends up, in `uploadFormat`'s order: weights after − weights before, moved by released gradients only,
   * or, of the zeroth order, the released differences along its directions.
   */
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
