import type { TrainablePart } from '@roundtable/lora';

/** The public part of a zeroth-order round: its directions, and how released scalars move weights along them. */
export interface ScalarRule {
  /** Trained coordinates: the parts in `flatten`'s order. */
  readonly length: number;
  readonly parts: readonly TrainablePart[];
  /** K: directions per step. */
  readonly directions: number;
  /** μ > 0: how far the two forward passes stand from the weights. */
  readonly scale: number;
  /** The K directions of a step, [length] each; `step` counts from 0. A coordinate that does not move is 0. */
  directionsOf(step: number): readonly Float32Array[];
  /**
   * Moves `values` by a step's scalars, as everybody who replays the step does.
   * @param learningRate η of the round
   * @param scalars one per direction
   */
  move(values: Float32Array, step: number, learningRate: number, scalars: ArrayLike<number>): void;
}
