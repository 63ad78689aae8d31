import type { RandomSource } from '@roundtable/random';
import type { NoiseTable } from './noise-table.ts';
import { randomWords, type RandomWords } from './random-words.ts';

const GUIDE_BITS = 12;
const GUIDE_SHIFT = 32 - GUIDE_BITS;
// From so many boundaries in one guide cell on, halving beats stepping.
const MAX_STEPS = 16;

/** Draws integer noise; each draw is the inverse of a 96-bit cumulative table at 96 uniform bits. */
export interface NoiseSampler {
  /** K: no draw is larger in magnitude. */
  readonly maxMagnitude: number;
  /** Total variation per draw between what is drawn and the distribution that the table stands for. */
  readonly failureProbability: number;
  /** Overwrites `out` with independent draws. */
  fill(out: Int32Array): void;
}

/** Of the boundaries from `from` on, the first whose leading word can be at or above `word`. */
function firstCandidate(leading: Uint32Array, word: number, from: number): number {
  let low = from;
  let high = leading.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (word > leading[middle]! + 1) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For each value of a word's top 12 bits, the first boundary that can decide; one more entry closes the last cell. */
function guideOf(leading: Uint32Array): Int32Array {
  const guide = new Int32Array((1 << GUIDE_BITS) + 1);
  for (let cell = 1; cell < guide.length; cell += 1) {
    guide[cell] = firstCandidate(leading, cell * 2 ** GUIDE_SHIFT, guide[cell - 1]!);
  }
  return guide;
}

/** The draw for a word that ties with a boundary: 64 further bits, compared with boundaries in full. */
function resolveTie(
  table: NoiseTable,
  word: number,
  candidate: number,
  words: RandomWords,
): number {
  const rest = (BigInt(words.next()) << 32n) | BigInt(words.next());
  const drawn = (BigInt(word) << 64n) | rest;
  const { leadingWords, maxMagnitude } = table;
  let low = candidate;
  let high = firstCandidate(leadingWords, word + 2, candidate);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (drawn >= table.cumulative(middle - maxMagnitude)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A sampler of a table: one 32-bit word a draw, two more where it ties with a boundary. Not constant in time.
 * @param random secure wherever the noise protects anybody
 */
export function tableSampler(table: NoiseTable, random: RandomSource): NoiseSampler {
  const { leadingWords: leading, maxMagnitude, failureProbability } = table;
  const guide = guideOf(leading);
  const words = randomWords(random);
  return {
    maxMagnitude,
    failureProbability,
    fill: (out) => {
      words.start(out.length);
      for (let i = 0; i < out.length; i += 1) {
        const word = words.next();
        const cell = word >>> GUIDE_SHIFT;
        let at = guide[cell]!;
        if (guide[cell + 1]! - at > MAX_STEPS) at = firstCandidate(leading, word, at);
        else while (word > leading[at]! + 1) at += 1;
        if (word >= leading[at]!) at = resolveTie(table, word, at, words);
        out[i] = at - maxMagnitude;
      }
      words.wipe();
    },
  };
}
