/** A learning rate that falls linearly over the rounds of a federation. */
export interface LearningRateSchedule {
  /** Rate of the first round. */
  readonly learningRate: number;
  /** Rate of the last round as a share of the first, in [0, 1]. */
  readonly finalLearningRateFactor: number;
}

/**
 * Learning rate of the round after `completedRounds`.
 * @param rounds planned number of rounds; further rounds keep the last rate
 */
export function learningRateOfRound(
  { learningRate, finalLearningRateFactor }: LearningRateSchedule,
  completedRounds: number,
  rounds: number,
): number {
  const progress = rounds <= 1 ? 0 : Math.min(1, completedRounds / (rounds - 1));
  return learningRate * (1 - (1 - finalLearningRateFactor) * progress);
}
