import type { PrivacyEvent } from './event.ts';

/** Probabilities of the two ways in which releases are not the mechanism that was accounted for, summed over releases. */
export interface Failures {
  /** B: the dither takes a rounded sum beyond the stated sensitivity. */
  readonly rounding: number;
  /** S: total variation between the sampler and the distribution it stands for. */
  readonly sampler: number;
}

// A sampler's share of δ above it means that the table is too coarse for the run, not that the run is private.
const LARGEST_SAMPLER_SHARE = 1 / 1000;
// Less of δ than this is what rounding leaves where failures take all of it.
const NOTHING_LEFT = 1e-12;
const MOST_ROUNDS = 100;

/** Sums over all releases; a field that is not there counts as 0. */
export function failuresOf(events: readonly PrivacyEvent[]): Failures {
  let rounding = 0;
  let sampler = 0;
  for (const { count, roundingFailure, samplerFailure } of events) {
    rounding += count * (roundingFailure ?? 0);
    sampler += count * (samplerFailure ?? 0);
  }
  return { rounding, sampler };
}

/** δ in all, at most 1, where the accounted mechanism has δ0 at ε: δ0 + B + (1 + e^ε)·S. */
export function deltaWithFailures(
  { rounding, sampler }: Failures,
  epsilon: number,
  accountedDelta: number,
): number {
  const total = accountedDelta + rounding + (sampler === 0 ? 0 : (1 + Math.exp(epsilon)) * sampler);
  return Math.min(1, total);
}

/**
 * Smallest ε found with ε ≥ ε0(δ − B − (1 + e^ε)·S).
 *
 * The dither is drawn alike on both neighbors and is bad with probability ≤ B; given a good one the mechanism is (ε, δ0):
 * P[M(D) ∈ A] ≤ B + e^ε·P[M(D′) ∈ A] + δ0. A sampled M̃ is within S of M in total variation:
 * P[M̃(D) ∈ A] ≤ P[M(D) ∈ A] + S ≤ e^ε·(P[M̃(D′) ∈ A] + S) + δ0 + B + S, so δ = δ0 + B + (1 + e^ε)·S.
 * @param accountedEpsilon ε0, not increasing in its δ0
 * @returns +inf where failures take all of δ, or the sampler's more than a thousandth of it
 */
export function epsilonWithFailures(
  { rounding, sampler }: Failures,
  delta: number,
  accountedEpsilon: (accountedDelta: number) => number,
): number {
  const samplerShare = (epsilon: number): number =>
    sampler === 0 ? 0 : (1 + Math.exp(epsilon)) * sampler;
  const required = (epsilon: number): number => {
    const share = samplerShare(epsilon);
    const left = delta - rounding - share;
    const isLeft = share <= LARGEST_SAMPLER_SHARE * delta && left > NOTHING_LEFT * delta;
    return isLeft ? accountedEpsilon(left) : Infinity;
  };
  let epsilon = required(0);
  // ε enters its own bound only through the sampler's share, a thousandth of δ at most: each step is a thousandth of the
  // one before or less, so that a step longer by that ends above the solution.
  for (let i = 0; i < MOST_ROUNDS; i += 1) {
    const next = required(epsilon);
    if (next <= epsilon) return epsilon;
    epsilon = next + (next - epsilon) / 1000 + 1e-15 * next;
  }
  return Infinity;
}
