import { poissonCapacity } from '@roundtable/privacy';
import type { MethodChoiceName, PrivacySettings } from '@roundtable/protocol';

/** How a method learns well: what has another meaning, or another best value, for another method. */
export interface Tuning {
  readonly localSteps: number;
  /** Poisson rate q of each example at each step; below 1 where a step over all of them takes too long. */
  readonly samplingRate: number;
  /** In units of the clipping norm where gradients are clipped, plain where they are not. */
  readonly learningRate: number;
  readonly clippingNorm: number;
}

type Family = 'gradients' | 'forward-passes';
type Unit = PrivacySettings['privacyUnit'];

const tunings: Record<Family, Record<Unit, Tuning>> = {
  // With a whole person as the unit local steps are not clipped, only their sum is.
  gradients: {
    example: { localSteps: 4, samplingRate: 1, learningRate: 20, clippingNorm: 1 },
    client: { localSteps: 4, samplingRate: 1, learningRate: 1, clippingNorm: 1 },
  },
  // The clip is on the K differences of an example, whose norm is about √K times that of her gradient. With all rows at
  // every step, pairs of rate and clip with a product from 8 to 16 did about as well as each other on a validation split
  // (3 clients of 100 rows, 6 rounds, ε = 8, one seed); a step over a tenth of the rows takes a tenth of the 2·K forward
  // passes for each of them. With a whole person as the unit nothing learned at ε = 8 on the seeded federation at any rate
  // from 0.25 to 16 (docs/comparison.md), so that nothing speaks for other numbers there.
  'forward-passes': {
    example: { localSteps: 16, samplingRate: 0.1, learningRate: 2, clippingNorm: 4 },
    client: { localSteps: 16, samplingRate: 0.1, learningRate: 2, clippingNorm: 4 },
  },
};

function familyOf(method: MethodChoiceName): Family {
  return method === 'zeroth-order' ? 'forward-passes' : 'gradients';
}

/** The tuning of a method under a unit of protection. */
export function tuningOf(method: MethodChoiceName, unit: Unit): Tuning {
  return tunings[familyOf(method)][unit];
}

/** Whether two methods learn with the same numbers. */
export function isTunedAlike(one: MethodChoiceName, other: MethodChoiceName): boolean {
  return familyOf(one) === familyOf(other);
}

/** The public constants of one step for participants with so many examples; a step may take all that q lets them use. */
export function batchFor(
  examples: number,
  samplingRate: number,
): { batchDivisor: number; maxExamplesPerStep: number } {
  const batchDivisor = examples * samplingRate;
  let maxExamplesPerStep = Math.max(1, Math.ceil(2 * batchDivisor));
  const isSampled = samplingRate > 0 && samplingRate < 1 && Number.isFinite(maxExamplesPerStep);
  while (isSampled && poissonCapacity(samplingRate, maxExamplesPerStep) < examples) {
    maxExamplesPerStep += 1;
  }
  return { batchDivisor, maxExamplesPerStep };
}
