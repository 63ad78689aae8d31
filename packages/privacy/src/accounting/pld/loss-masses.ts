/**
 * A privacy loss distribution on the grid of multiples of `step`, one direction.
 * The masses and `infinityMass` add up to 1.
 */
export interface LossMasses {
  readonly step: number;
  /** The loss of masses[i] is (start + i)·step. */
  readonly start: number;
  readonly masses: Float64Array;
  /** Probability of an unbounded loss; it enters δ at every ε. */
  readonly infinityMass: number;
}

/** The losses of one release when the unit is removed and when it is added; composed apart, compared at the end. */
export interface ReleaseLosses {
  readonly remove: LossMasses;
  readonly add: LossMasses;
}

/** Losses beyond it would overflow e^loss; such a release counts as unprotected here and is left to other bounds. */
const LARGEST_LOSS = 600;

/** Whether losses from `lowest` to `highest` can be put on a grid of this step without overflow or unbounded memory. */
export function fitsGrid(lowest: number, highest: number, step: number, maxBins: number): boolean {
  const isSafe = lowest >= -LARGEST_LOSS && highest <= LARGEST_LOSS;
  return isSafe && (highest - lowest) / step <= maxBins;
}

/** A release of which nothing is known: every loss may be infinite. */
export function unprotectedLosses(step: number): ReleaseLosses {
  const unprotected = { step, start: 0, masses: new Float64Array(1), infinityMass: 1 };
  return { remove: unprotected, add: unprotected };
}

/**
 * Puts the outcomes whose loss lies between two neighboring grid points onto these points, so that their probability
 * under both neighbors stays what it is: connect the dots (Doroshenko et al. 2022, arXiv 2207.04380, algorithm 1,
 * written with probabilities of intervals in place of second differences of δ, which keeps the digits of the tails).
 * @param index position of the lower point in `masses`
 * @param mass probability of these outcomes under the neighbor that the loss favors
 * @param otherMass e^(loss of the lower point) times their probability under the other neighbor, at most `mass`
 * @param spread 1 − e^−step
 */
export function deposit(
  masses: Float64Array,
  index: number,
  mass: number,
  otherMass: number,
  spread: number,
): void {
  // Rounding must not move mass out of the interval.
  const upper = Math.min(mass, Math.max(0, (mass - otherMass) / spread));
  masses[index]! += mass - upper;
  masses[index + 1]! += upper;
}
