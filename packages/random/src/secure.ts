import type { SecureRandom } from './source.ts';

// getRandomValues serves at most 65,536 bytes a call.
const WORDS_PER_CALL = 16_384;
const POOL_WORDS = 1_024;

/**
 * Words from `crypto.getRandomValues`.
 * @throws where the platform has no cryptographic generator, or it fails: noise must then not be drawn at all.
 */
export function secureRandom(): SecureRandom {
  const pool = new Uint32Array(POOL_WORDS);
  let used = POOL_WORDS;
  const fillUint32 = (words: Uint32Array<ArrayBuffer>): void => {
    for (let start = 0; start < words.length; start += WORDS_PER_CALL) {
      crypto.getRandomValues(words.subarray(start, start + WORDS_PER_CALL));
    }
  };
  return {
    kind: 'secure',
    nextUint32: () => {
      if (used === POOL_WORDS) {
        fillUint32(pool);
        used = 0;
      }
      const word = pool[used]!;
      // A spent word must not be readable by whoever gets hold of the pool later.
      pool[used] = 0;
      used += 1;
      return word;
    },
    fillUint32,
  };
}
