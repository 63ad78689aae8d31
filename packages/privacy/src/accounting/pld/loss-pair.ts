import { erfc } from '../error-function.ts';

/**
 * Where a loss cuts a distribution: the probability at or below it while that is the smaller part, else minus the
 * probability above it. Differences of two cuts so keep the digits of either tail; never zero, so that the sign tells.
 */
export type Cut = number;

const lowerCut = (probability: number): Cut => Math.max(Number.MIN_VALUE, probability);
const upperCut = (probability: number): Cut => -Math.max(Number.MIN_VALUE, probability);

/** Probability between two cuts of one distribution, `low` at or below `high`. */
export function probabilityBetween(low: Cut, high: Cut): number {
  return Math.max(0, low > 0 && high < 0 ? 1 - low + high : high - low);
}

export function probabilityBelow(cut: Cut): number {
  return cut > 0 ? cut : 1 + cut;
}

export function probabilityAbove(cut: Cut): number {
  return cut > 0 ? 1 - cut : -cut;
}

/** The outputs of one release with and without a unit, by their loss ln(probability with / probability without). */
export interface LossPair {
  /** Cut of the outputs with the unit at a loss, which may be infinite. */
  present(loss: number): Cut;
  /** Cut of the outputs without it. */
  absent(loss: number): Cut;
  /** Losses between which all but about 1e-23 of either distribution lies. */
  readonly lowest: number;
  readonly highest: number;
}

// Φ(−10) = 8e-24.
const REACH = 10;

function normalCut(z: number): Cut {
  return z <= 0 ? lowerCut(erfc(-z * Math.SQRT1_2) / 2) : upperCut(erfc(z * Math.SQRT1_2) / 2);
}

/** N(1, σ²) against N(0, σ²); their loss at output x is (2x − 1)/(2σ²). */
export function gaussianPair(noiseMultiplier: number): LossPair {
  const sigma = noiseMultiplier;
  const lossAt = (x: number): number => (2 * x - 1) / (2 * sigma * sigma);
  return {
    lowest: lossAt(-REACH * sigma),
    highest: lossAt(1 + REACH * sigma),
    present: (loss) => normalCut(loss * sigma - 1 / (2 * sigma)),
    absent: (loss) => normalCut(loss * sigma + 1 / (2 * sigma)),
  };
}

/** Laplace(1, b) against Laplace(0, b), b = scale / sensitivity: an output x in (0, 1) has loss (2x − 1)/b, the rest ±1/b. */
export function laplacePair(scale: number): LossPair {
  const bound = 1 / scale;
  const cut = (loss: number, inside: () => Cut): Cut =>
    loss < -bound ? lowerCut(0) : loss >= bound ? upperCut(0) : inside();
  return {
    lowest: -bound,
    highest: bound,
    present: (loss) => cut(loss, () => lowerCut(Math.exp((loss - bound) / 2) / 2)),
    absent: (loss) => cut(loss, () => upperCut(Math.exp(-(loss + bound) / 2) / 2)),
  };
}
