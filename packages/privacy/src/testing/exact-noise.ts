import type { RandomSource } from '@roundtable/random';

// Rejection samplers on integers of any size: slow, without tables, and so an oracle for the tables.

/** A positive fraction of integers. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Uniform on 0 … bound − 1, by rejection. */
function uniformBelow(random: RandomSource, bound: bigint): bigint {
  const bits = BigInt((bound - 1n).toString(2).length);
  for (;;) {
    let drawn = 0n;
    for (let have = 0n; have < bits; have += 32n) {
      drawn = (drawn << 32n) | BigInt(random.nextUint32());
    }
    drawn = BigInt.asUintN(Number(bits), drawn);
    if (drawn < bound) return drawn;
  }
}

/** True with probability exp(−numerator/denominator) (Canonne, Kamath and Steinke 2020, algorithm 1). */
function bernoulliExp(random: RandomSource, numerator: bigint, denominator: bigint): boolean {
  let rest = numerator;
  for (; rest > denominator; rest -= denominator) if (!bernoulliExp(random, 1n, 1n)) return false;
  let k = 1n;
  while (uniformBelow(random, denominator * k) < rest) k += 1n;
  return k % 2n === 1n;
}

/** P(k) ∝ exp(−|k|/scale) (algorithm 2). */
function discreteLaplace(random: RandomSource, scale: bigint): bigint {
  for (;;) {
    const rest = uniformBelow(random, scale);
    if (!bernoulliExp(random, rest, scale)) continue;
    let whole = 0n;
    while (bernoulliExp(random, 1n, 1n)) whole += 1n;
    const magnitude = rest + scale * whole;
    const isNegative = uniformBelow(random, 2n) === 1n;
    if (!(isNegative && magnitude === 0n)) return isNegative ? -magnitude : magnitude;
  }
}

const magnitudeOf = (value: bigint): bigint => (value < 0n ? -value : value);

/** ⌊σ⌋ + 1. */
function laplaceScale({ numerator, denominator }: Fraction): bigint {
  let scale = 1n;
  while (scale * scale * denominator <= numerator) scale += 1n;
  return scale;
}

/** One draw of the discrete Gaussian, P(k) ∝ exp(−k²/(2σ²)) (algorithm 3). */
export function exactDiscreteGaussian(random: RandomSource, variance: Fraction): number {
  const { numerator, denominator } = variance;
  const scale = laplaceScale(variance);
  for (;;) {
    const drawn = discreteLaplace(random, scale);
    const distance = magnitudeOf(drawn) * scale * denominator - numerator;
    const bound = 2n * scale * scale * denominator * numerator;
    if (bernoulliExp(random, distance * distance, bound)) return Number(drawn);
  }
}

const FRACTION_BITS = 64;

/**
 * One draw of the rounded Gaussian: a Gaussian x by rejection from a discrete Laplace variable with a uniform fraction,
 * and the integer that x is nearest to. Exact but for the fraction's 64 bits.
 */
export function exactRoundedGaussian(random: RandomSource, variance: Fraction): number {
  const { numerator, denominator } = variance;
  const scale = laplaceScale(variance);
  const one = 1n << BigInt(FRACTION_BITS + 1);
  for (;;) {
    const cell = discreteLaplace(random, scale);
    const offset = 2n * uniformBelow(random, one / 2n) + 1n - one / 2n;
    const x = cell * one + offset;
    // x²/(2σ²) − |cell|/t + σ²/(2t²) + 1/(2t), at least 0 because |cell| ≤ |x| + ½, over one denominator.
    const square = x * x * denominator * denominator * scale * scale;
    const proposed = 2n * magnitudeOf(cell) * one * one * numerator * scale * denominator;
    const largest = one * one * numerator * (numerator + scale * denominator);
    const bound = 2n * one * one * numerator * scale * scale * denominator;
    if (bernoulliExp(random, square - proposed + largest, bound)) return Number(cell);
  }
}

/**
 * One draw of the rounded Laplace: an exponential x, uniform on one scale by rejection and whole scales on top, the
 * integer that x is nearest to, and a sign. Exact but for the uniform's 64 bits.
 */
export function exactRoundedLaplace(random: RandomSource, scale: Fraction): number {
  const { numerator, denominator } = scale;
  const one = 1n << BigInt(FRACTION_BITS + 1);
  for (;;) {
    // x·denominator, of scale `numerator`, in units of 1/one.
    const rest = 2n * uniformBelow(random, (numerator * one) / 2n) + 1n;
    if (!bernoulliExp(random, rest, numerator * one)) continue;
    let whole = 0n;
    while (bernoulliExp(random, 1n, 1n)) whole += 1n;
    const x = rest + whole * numerator * one;
    const magnitude = Number((2n * x + one * denominator) / (2n * one * denominator));
    return uniformBelow(random, 2n) === 1n ? -magnitude : magnitude;
  }
}
