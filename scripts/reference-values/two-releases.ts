import {
  divide,
  exponential,
  logarithm,
  multiply,
  normalCdf,
  normalDensity,
  ofNumber,
  one,
  type Fixed,
} from './fixed-point.ts';
import { integrate } from './integration.ts';

export interface SampledGaussian {
  /** Poisson rate below 1. */
  readonly q: number;
  readonly sigma: number;
}

/** The functions of one sampled Gaussian release that a second one is averaged with. */
function releaseOf({ q, sigma }: SampledGaussian) {
  const rate = ofNumber(q);
  const scale = ofNumber(sigma);
  const square = multiply(scale, scale);
  const cdf = (x: Fixed): Fixed => normalCdf(divide(x, scale));
  const density = (x: Fixed): Fixed => divide(normalDensity(divide(x, scale)), scale);
  const ratio = (x: Fixed): Fixed =>
    one - rate + multiply(rate, exponential(divide(2n * x - one, 2n * square)));
  /** Output at which the ratio is `value`, above 1 − q; clamped to where there is any probability. */
  const far = ofNumber(Math.ceil(16 * sigma));
  const outputAt = (value: Fixed): Fixed => {
    const share = divide(value - one + rate, rate);
    if (share <= 0n) return -far;
    const x = multiply(square, logarithm(share)) + (one >> 1n);
    return x < -far ? -far : x > far + one ? far + one : x;
  };
  /** ∫ max(0, p − factor·q) over the outputs. */
  const removeDelta = (factor: Fixed): Fixed => {
    if (factor <= one - rate) return one - factor;
    const x = outputAt(factor);
    const absent = one - cdf(x);
    return multiply(rate, one - cdf(x - one)) + multiply(one - rate - factor, absent);
  };
  /** ∫ max(0, q − factor·p). */
  const addDelta = (factor: Fixed): Fixed => {
    const value = divide(one, factor);
    if (value <= one - rate) return 0n;
    const x = outputAt(value);
    const present = multiply(rate, cdf(x - one)) + multiply(one - rate, cdf(x));
    return cdf(x) - multiply(factor, present);
  };
  return { density, ratio, outputAt, far, removeDelta, addDelta, floor: one - rate };
}

/** δ at ε of two releases: the second one's δ at what the first one's loss leaves of ε, averaged over the first. */
export function pairDelta(first: SampledGaussian, second: SampledGaussian, eps: number): Fixed {
  const a = releaseOf(first);
  const b = releaseOf(second);
  const factor = exponential(ofNumber(eps));
  // The second δ changes its formula where the remaining factor falls to 1 − q.
  const bend = a.outputAt(divide(factor, b.floor));
  const removed = (x: Fixed): Fixed =>
    multiply(multiply(a.density(x), a.ratio(x)), b.removeDelta(divide(factor, a.ratio(x))));
  const remove = integrate(removed, -a.far, bend) + integrate(removed, bend, a.far + one);
  const last = a.outputAt(divide(one, multiply(factor, b.floor)));
  const add = integrate(
    (x) => multiply(a.density(x), b.addDelta(multiply(factor, a.ratio(x)))),
    -a.far,
    last,
  );
  return remove > add ? remove : add;
}
