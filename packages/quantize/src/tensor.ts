import { floatToHalf, halfToFloat } from '@roundtable/linalg';

export type Bits = 4 | 8;

/** How a vector is cut and coded: codes of `bits` bits, one scale per `blockSize` values. */
export interface QuantizeSettings {
  readonly bits: Bits;
  readonly blockSize: number;
}

/**
 * A vector as integer codes −L … L (L = 127 for 8 bits, 7 for 4) and a scale per block: value = scale · code / L.
 * The range is symmetric, so that zero has a code of its own.
 */
export interface QuantizedTensor extends QuantizeSettings {
  readonly length: number;
  /** Binary16 bits, the block's largest magnitude rounded up, so that |x| ≤ scale. */
  readonly scales: Uint16Array;
  /** Two's complement: a byte per code, or two codes per byte with the first in the low nibble. */
  readonly codes: Uint8Array;
}

const LARGEST_HALF = 65_504;

/** L, the largest code. */
export function largestCode(bits: Bits): number {
  return bits === 8 ? 127 : 7;
}

/** Scales of a vector of `length` values. */
export function blockCount(length: number, blockSize: number): number {
  return Math.ceil(length / blockSize);
}

/** Bytes of the packed codes of a vector of `length` values. */
export function codeByteLength(length: number, bits: Bits): number {
  return bits === 8 ? length : Math.ceil(length / 2);
}

/** @throws RangeError if bits is not 4 or 8, blockSize no integer in 1 … 65535, or length no integer ≥ 0 */
export function checkSettings({ bits, blockSize }: QuantizeSettings, length: number): void {
  if (![4, 8].includes(bits)) throw new RangeError(`bits must be 4 or 8, got ${bits}`);
  if (!Number.isInteger(blockSize) || blockSize < 1 || blockSize > 65_535) {
    throw new RangeError(`blockSize must be an integer in 1 … 65535, got ${blockSize}`);
  }
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`length must be an integer ≥ 0, got ${length}`);
  }
}

/**
 * The scale of each block, as binary16 bits.
 * @throws RangeError for NaN, infinities and magnitudes above 65504
 */
export function blockScales(values: Float32Array, blockSize: number): Uint16Array {
  const scales = new Uint16Array(blockCount(values.length, blockSize));
  for (let block = 0; block < scales.length; block += 1) {
    const end = Math.min(values.length, (block + 1) * blockSize);
    let largest = 0;
    for (let i = block * blockSize; i < end; i += 1) {
      const magnitude = Math.abs(values[i]!);
      // Written so that NaN is refused too: it fails every comparison.
      if (!(magnitude <= LARGEST_HALF)) {
        throw new RangeError(`values[${i}] must be in ±${LARGEST_HALF}, got ${values[i]!}`);
      }
      if (magnitude > largest) largest = magnitude;
    }
    scales[block] = roundUpToHalf(largest);
  }
  return scales;
}

// For positive halves the next pattern is the next larger number.
function roundUpToHalf(value: number): number {
  const nearest = floatToHalf(value);
  return halfToFloat(nearest) < value ? nearest + 1 : nearest;
}

/** The values: scale · code / L, as float32. */
export function dequantize(tensor: QuantizedTensor): Float32Array<ArrayBuffer> {
  const { bits, blockSize, length, scales, codes } = tensor;
  const levels = largestCode(bits);
  const values = new Float32Array(length);
  for (let block = 0; block < scales.length; block += 1) {
    const step = halfToFloat(scales[block]!) / levels;
    const end = Math.min(length, (block + 1) * blockSize);
    for (let i = block * blockSize; i < end; i += 1) values[i] = step * readCode(codes, i, bits);
  }
  return values;
}

/** Code `i` of packed codes. */
export function readCode(codes: Uint8Array, i: number, bits: Bits): number {
  if (bits === 8) return (codes[i]! << 24) >> 24;
  const nibble = i % 2 === 0 ? codes[i >>> 1]! : codes[i >>> 1]! >>> 4;
  return (nibble << 28) >> 28;
}

/** Writes code `i` into packed codes that are zero there. */
export function writeCode(codes: Uint8Array, i: number, bits: Bits, code: number): void {
  if (bits === 8) codes[i] = code;
  else codes[i >>> 1]! |= (code & 15) << (i % 2 === 0 ? 0 : 4);
}
