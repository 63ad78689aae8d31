import type { ZerothOrderSettings } from '@roundtable/protocol';

/** One stage of DP-ZOSO's schedule (arXiv 2402.07818). */
export interface Stage {
  /** s = 1, 2, 3. */
  readonly number: number;
  /** Completed rounds at its first round. */
  readonly firstRound: number;
  /** 2^−(s−1), by which the learning rate is multiplied. */
  readonly factor: number;
  /** γ. */
  readonly proximal: number;
}

const LAST_STAGE = 3;

/** The stage of the round after so many completed ones; the third lasts for ever. Null without stages. */
export function stageOf({ stages }: ZerothOrderSettings, completedRounds: number): Stage | null {
  if (stages === null) return null;
  const { firstStageRounds, proximal } = stages;
  let number = 1;
  // Stages 1 … s take (2^s − 1)·T₁ rounds.
  while (number < LAST_STAGE && completedRounds >= (2 ** number - 1) * firstStageRounds) {
    number += 1;
  }
  const factor = 2 ** (1 - number);
  return { number, firstRound: (2 ** (number - 1) - 1) * firstStageRounds, factor, proximal };
}
