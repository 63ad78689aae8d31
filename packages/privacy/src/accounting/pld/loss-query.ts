import type { LossMasses } from './loss-masses.ts';

/**
 * Smallest ε ≥ 0 at δ of a loss distribution; +inf where the infinity mass alone exceeds δ.
 * Walks down from the top with U the mass above a point and V = Σ mass·e^(point − loss) over it: δ(point) = U − V, and
 * between two points δ(ε) = U − e^(ε − point)·V.
 */
export function epsilonOfLosses(losses: LossMasses, delta: number): number {
  const { step, start, masses, infinityMass } = losses;
  if (!(infinityMass <= delta)) return Infinity;
  const decay = Math.exp(-step);
  let upper = infinityMass;
  let scaled = 0;
  for (let i = masses.length - 1; i >= 0; i -= 1) {
    if (start + i < 0) return 0;
    scaled *= decay;
    if (scaled > 0 && upper - scaled >= delta) {
      return (start + i) * step + Math.log((upper - delta) / scaled);
    }
    upper += masses[i]!;
    scaled += masses[i]!;
  }
  if (Number.isNaN(upper) || !(upper > delta)) return Number.isNaN(upper) ? Infinity : 0;
  // Every loss lies above zero, and so may ε, below all of them.
  return Math.max(0, start * step + Math.log((upper - delta) / scaled));
}

/** δ at ε of a loss distribution, p∞ + Σ over losses above ε of (1 − e^(ε − loss))·mass, at most 1. */
export function deltaOfLosses(losses: LossMasses, epsilon: number): number {
  const { step, start, masses, infinityMass } = losses;
  let delta = infinityMass;
  for (let i = masses.length - 1; i >= 0 && (start + i) * step > epsilon; i -= 1) {
    delta -= masses[i]! * Math.expm1(epsilon - (start + i) * step);
  }
  return Number.isNaN(delta) ? 1 : Math.min(1, delta);
}
