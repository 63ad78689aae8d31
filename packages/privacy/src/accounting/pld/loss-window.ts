import type { LossMasses } from './loss-masses.ts';

/** Losses that are composed together, `count` times each. */
export interface CountedLosses {
  readonly losses: LossMasses;
  readonly count: number;
}

// Chernoff parameters t = 2^−6 … 2^10; the bound is flat around its optimum, so powers of two are enough.
const PARAMETERS = Array.from({ length: 17 }, (_, i) => 2 ** (i - 6));

// Terms that underflow beside a smaller sum could have been part of it.
const SMALLEST_SUM = 1e-280;

/** ln Σ mass·e^(t·loss) over the finite losses, by Horner's rule from the end that dominates; +inf where it underflows. */
function logMoment({ step, start, masses }: LossMasses, t: number): number {
  const ratio = Math.exp(-Math.abs(t) * step);
  const { length } = masses;
  let sum = 0;
  if (t > 0) for (let i = 0; i < length; i += 1) sum = sum * ratio + masses[i]!;
  else for (let i = length - 1; i >= 0; i -= 1) sum = sum * ratio + masses[i]!;
  const dominant = t > 0 ? start + length - 1 : start;
  return sum > SMALLEST_SUM ? Math.log(sum) + t * dominant * step : Infinity;
}

/** A bound u with P[sum of losses > u] ≤ tail/2 (side +1), or the mirrored one for −sum (side −1): Chernoff. */
function upperEnd(groups: readonly CountedLosses[], side: 1 | -1, tail: number): number {
  let best = 0;
  for (const { losses, count } of groups) {
    const { start, masses, step } = losses;
    best += count * step * (side > 0 ? start + masses.length - 1 : -start);
  }
  for (const t of PARAMETERS) {
    let logSum = 0;
    for (const { losses, count } of groups) logSum += count * logMoment(losses, side * t);
    best = Math.min(best, (logSum - Math.log(tail / 2)) / t);
  }
  return best;
}

/** Grid indices between which the finite sum of the losses lies but for a probability of `tail`. */
export function lossWindow(
  groups: readonly CountedLosses[],
  tail: number,
): { readonly first: number; readonly last: number } {
  const { step } = groups[0]!.losses;
  const last = Math.ceil(upperEnd(groups, 1, tail) / step);
  const first = Math.floor(-upperEnd(groups, -1, tail) / step);
  return { first, last: Math.max(first, last) };
}
