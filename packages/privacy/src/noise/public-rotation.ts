import { seededRandom } from '@roundtable/random';
import { requireRange } from '../arguments.ts';

/** A rotation that everybody knows: random signs, then a Walsh–Hadamard transform; it keeps L2 norms. */
export interface PublicRotation {
  /** The vector's length rounded up to a power of two. */
  readonly rotatedLength: number;
  /** @param vector of the rotation's length; zeros are appended to it */
  rotate(vector: Float32Array | Float64Array): Float64Array;
  /** The inverse, without the appended coordinates. */
  rotateBack(rotated: Float64Array): Float64Array;
}

/** In place; scaled so that it is its own inverse and keeps norms. Σ over pairs at distance 1, 2, 4, … */
function walshHadamard(values: Float64Array): void {
  const n = values.length;
  for (let half = 1; half < n; half *= 2) {
    for (let start = 0; start < n; start += 2 * half) {
      for (let i = start; i < start + half; i += 1) {
        const a = values[i]!;
        const b = values[i + half]!;
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(n);
  for (let i = 0; i < n; i += 1) values[i]! *= scale;
}

/**
 * A rotation that spreads a vector evenly over its coordinates, so that sums of many need fewer bits each (used under
 * secure aggregation; off for local noise). A change of basis that all know costs no privacy.
 * @param seed any public text; equal seeds give equal rotations on every engine
 */
export function publicRotation(length: number, seed: string): PublicRotation {
  const isLength = Number.isInteger(length) && length >= 1 && length <= 2 ** 28;
  requireRange('length', length, isLength, 'an integer in 1 … 2^28');
  let rotatedLength = 1;
  while (rotatedLength < length) rotatedLength *= 2;
  const signBits = new Uint32Array(Math.ceil(rotatedLength / 32));
  seededRandom(seed).fillUint32(signBits);
  const flip = (values: Float64Array): void => {
    for (let i = 0; i < values.length; i += 1) {
      if (((signBits[i >>> 5]! >>> (i & 31)) & 1) === 1) values[i] = -values[i]!;
    }
  };
  return {
    rotatedLength,
    rotate: (vector) => {
      requireRange('vector.length', vector.length, vector.length === length, String(length));
      const values = new Float64Array(rotatedLength);
      values.set(vector);
      flip(values);
      walshHadamard(values);
      return values;
    },
    rotateBack: (rotated) => {
      const { length: given } = rotated;
      requireRange('rotated.length', given, given === rotatedLength, String(rotatedLength));
      const values = rotated.slice();
      walshHadamard(values);
      flip(values);
      return values.subarray(0, length).slice();
    },
  };
}
