import type { RandomSource } from '@roundtable/random';
import { ReleaseFailure } from './release-failure.ts';

// getRandomValues serves at most 65,536 bytes a call.
const BLOCK_WORDS = 16_384;
// Four equal words in a row at the start of a block happen once in 2^96: then the source is stuck.
const REPEATS = 4;

/** Random words taken from their source in blocks. */
export interface RandomWords {
  /** Says how many words are about to be taken, so that no more are drawn than needed; more may be taken. */
  start(expected: number): void;
  next(): number;
  /** Forgets every word, spent or not. */
  wipe(): void;
}

/**
 * @throws ReleaseFailure 'random-source', from `next`, where the source fails or repeats itself
 */
export function randomWords(random: RandomSource): RandomWords {
  const block = new Uint32Array(BLOCK_WORDS);
  let used = 0;
  let filled = 0;
  let expected = 0;
  const refill = (): void => {
    filled = Math.min(BLOCK_WORDS, Math.max(REPEATS, expected));
    expected -= filled;
    used = 0;
    const words = block.subarray(0, filled);
    try {
      random.fillUint32(words);
    } catch (error) {
      throw new ReleaseFailure('random-source', 'the random source failed', { cause: error });
    }
    if (words.subarray(1, REPEATS).every((word) => word === words[0])) {
      throw new ReleaseFailure('random-source', 'the random source repeats itself');
    }
  };
  return {
    start: (count) => {
      expected = count;
    },
    next: () => {
      if (used === filled) refill();
      const word = block[used]!;
      used += 1;
      return word;
    },
    wipe: () => {
      block.fill(0);
      used = 0;
      filled = 0;
      expected = 0;
    },
  };
}
