import { seededRandom } from '@roundtable/random';

/** Distribution of a direction's coordinates: ±1, or a centered binomial that stands for a Gaussian; variance 1 both. */
export type DirectionKind = 'rademacher' | 'gaussian';

// Bits set in a word, without a loop (Warren, Hacker's Delight, section 5-1).
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x5555_5555);
  x = (x & 0x3333_3333) + ((x >>> 2) & 0x3333_3333);
  x = (x + (x >>> 4)) & 0x0f0f_0f0f;
  return Math.imul(x, 0x0101_0101) >>> 24;
}

/**
 * The random direction z of a public seed, the same bits on every machine: integer arithmetic only, since logarithms and
 * cosines differ between engines in their last bits. `gaussian` is (bits set in 64 random bits − 32) / 4, mean 0,
 * variance 1, excess kurtosis −1/32.
 * @returns `length` values, each exact in float32
 */
export function direction(
  seed: string,
  length: number,
  kind: DirectionKind,
): Float32Array<ArrayBuffer> {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`length must be an integer ≥ 0, got ${length}`);
  }
  const random = seededRandom(`direction/${kind}/${seed}`);
  const values = new Float32Array(length);
  if (kind === 'gaussian') {
    const words = new Uint32Array(2 * length);
    random.fillUint32(words);
    for (let i = 0; i < length; i += 1) {
      values[i] = (bitCount(words[2 * i]!) + bitCount(words[2 * i + 1]!) - 32) / 4;
    }
    return values;
  }
  const words = new Uint32Array(Math.ceil(length / 32));
  random.fillUint32(words);
  for (let i = 0; i < length; i += 1) {
    values[i] = ((words[i >>> 5]! >>> (i & 31)) & 1) === 1 ? 1 : -1;
  }
  return values;
}

/**
 * θ ← θ − fround(step)·z in float32, one rounding per operation and in a fixed order: what a log of seeds and scalars is
 * replayed with, bit for bit the same everywhere. Changes `values`.
 * @param step learning rate × scalar / number of directions
 */
export function moveAlong(values: Float32Array, z: Float32Array, step: number): void {
  if (values.length !== z.length) {
    throw new RangeError(`z must have ${values.length} values, got ${z.length}`);
  }
  const rounded = Math.fround(step);
  if (!Number.isFinite(rounded)) throw new RangeError(`step must be finite, got ${step}`);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = Math.fround(values[i]! - Math.fround(rounded * z[i]!));
  }
}
