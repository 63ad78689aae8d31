import type { RandomSource } from './source.ts';

/** A uniform number in [0, 1) with 53 random bits. */
export function uniform(random: RandomSource): number {
  const high = random.nextUint32() >>> 5;
  const low = random.nextUint32() >>> 6;
  return (high * 67_108_864 + low) / 9_007_199_254_740_992;
}

/**
 * A uniform integer in 0 … `bound` − 1, by rejection, so without modulo bias.
 * @throws if `bound` is not an integer in 1 … 2^32
 */
export function uniformInt(random: RandomSource, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 4_294_967_296) {
    throw new RangeError(`bound must be an integer in 1 … 2^32, got ${bound}`);
  }
  const limit = 4_294_967_296 - (4_294_967_296 % bound);
  for (;;) {
    const word = random.nextUint32();
    if (word < limit) return word % bound;
  }
}

/** A new array with the items in uniformly random order (Fisher–Yates). */
export function shuffle<T>(random: RandomSource, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = uniformInt(random, i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** A standard normal number in double precision (Box–Muller). Not for privacy noise: floats leak (Mironov 2012). */
export function gaussian(random: RandomSource): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}
