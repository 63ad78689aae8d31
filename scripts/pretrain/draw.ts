import { uniform, uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

/** One item, uniformly. @throws RangeError for an empty list */
export function pick<T>(random: SeededRandom, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError('items must not be empty');
  return items[uniformInt(random, items.length)] as T;
}

/** True with the given probability. */
export function chance(random: SeededRandom, probability: number): boolean {
  return uniform(random) < probability;
}

/** One key of `weights`, in proportion to its weight. */
export function pickWeighted<K extends string>(
  random: SeededRandom,
  weights: readonly (readonly [K, number])[],
): K {
  let left = uniform(random) * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of weights) {
    left -= weight;
    if (left < 0) return key;
  }
  const last = weights.at(-1);
  if (last === undefined) throw new RangeError('weights must not be empty');
  return last[0];
}
