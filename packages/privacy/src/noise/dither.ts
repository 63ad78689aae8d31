import type { RandomSource } from '@roundtable/random';
import { randomWords } from './random-words.ts';

const WORD = 4_294_967_296;

/**
 * ⌊x + word/2^32⌋ without any rounding on the way: the fraction of |x| is exact in double precision, and so is its
 * comparison with the dither. Never −0.
 * @param x finite
 */
export function roundWithDither(x: number, word: number): number {
  if (x >= 0) {
    const whole = Math.floor(x) + 0;
    return (x - whole) * WORD >= WORD - word ? whole + 1 : whole;
  }
  const whole = Math.floor(-x);
  const isFurther = (-x - whole) * WORD > word;
  return isFurther ? -whole - 1 : 0 - whole;
}

/** Rounds whole vectors, each coordinate with a dither of its own. */
export interface DitheredRounding {
  /**
   * ⌊vector/gridStep + u⌋ with u uniform on the multiples of 2^-32 in [0, 1).
   * @param gridStep a power of two, so that the division is exact
   */
  round(vector: Float32Array | Float64Array, gridStep: number): Int32Array;
}

export function ditheredRounding(random: RandomSource): DitheredRounding {
  const words = randomWords(random);
  return {
    round: (vector, gridStep) => {
      const rounded = new Int32Array(vector.length);
      words.start(vector.length);
      for (let i = 0; i < vector.length; i += 1) {
        rounded[i] = roundWithDither(vector[i]! / gridStep, words.next());
      }
      words.wipe();
      return rounded;
    },
  };
}
