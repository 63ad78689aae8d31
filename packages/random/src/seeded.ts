import type { SeededRandom } from './source.ts';

// xoshiro128** (Blackman and Vigna 2018), state filled by a 32-bit FNV-1a hash and the murmur3 finalizer.
// Integer operations only, so that the words are the same on every engine.

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

function finalize(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A reproducible stream named by `seed`: equal seeds give equal words on every engine and device,
 * different seeds independent-looking ones.
 * @param seed any text, for example `run-7/client-3/shuffle`
 */
export function seededRandom(seed: string): SeededRandom {
  const base = hashText(seed);
  const reversed = hashText(Array.from(seed).reverse().join(''));
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i += 1) {
    state[i] = finalize(base + Math.imul(i + 1, 0x9e3779b9)) ^ finalize(reversed + i);
  }
  if (state.every((word) => word === 0)) state[0] = 1; // the all-zero state is a fixed point
  const nextUint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(state[1]!, 5), 7), 9) >>> 0;
    const t = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= t;
    state[3] = rotateLeft(state[3]!, 11);
    return result;
  };
  return {
    kind: 'seeded',
    nextUint32,
    fillUint32: (words) => {
      for (let i = 0; i < words.length; i += 1) words[i] = nextUint32();
    },
  };
}
