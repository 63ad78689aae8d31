import { halfToFloat } from '@roundtable/linalg';
import { blockCount, blockScales, checkSettings } from './tensor.ts';

/** Bits w of a codebook. */
export type CodebookBits = 1 | 2 | 3 | 4;

/** How a vector is cut and coded: the nearest entry of a fixed codebook, times the largest magnitude of its block. */
export interface CodebookSettings {
  readonly codebookBits: CodebookBits;
  readonly blockSize: number;
}

// FedLPP (arXiv 2406.10976) for w ≤ 3; w = 4 is NF4 of QLoRA (arXiv 2305.14314, appendix E), to eight digits.
const codebooks: Readonly<Record<CodebookBits, readonly number[]>> = {
  1: [-1, 0, 1],
  2: [-1, 0, 0.33, 1],
  3: [-1, -0.47, -0.21, 0, 0.16, 0.33, 0.56, 1],
  4: [
    -1, -0.6961928, -0.52507305, -0.39491749, -0.28444138, -0.18477343, -0.09105004, 0, 0.0795803,
    0.1609302, 0.2461123, 0.33791524, 0.44070983, 0.562617, 0.72295684, 1,
  ],
};
const BYTES_PER_SCALE = 2;

// Three levels need two bits: w = 1 is the name of the codebook in the paper, not its size on the wire.
const indexBits = (codebookBits: CodebookBits): number => (codebookBits === 1 ? 2 : codebookBits);

function requireSettings({ codebookBits, blockSize }: CodebookSettings, length: number): void {
  if (!(codebookBits in codebooks)) {
    throw new RangeError(`codebookBits must be 1, 2, 3 or 4, got ${codebookBits}`);
  }
  checkSettings({ bits: 8, blockSize }, length);
}

/** Bytes of a vector of `length` values: two per block's scale, then the packed indices. */
export function codebookByteLength(length: number, settings: CodebookSettings): number {
  requireSettings(settings, length);
  const packed = Math.ceil((length * indexBits(settings.codebookBits)) / 8);
  return BYTES_PER_SCALE * blockCount(length, settings.blockSize) + packed;
}

function nearestIndex(codebook: readonly number[], value: number): number {
  let best = 0;
  for (let i = 1; i < codebook.length; i += 1) {
    if (Math.abs(codebook[i]! - value) < Math.abs(codebook[best]! - value)) best = i;
  }
  return best;
}

/**
 * All scales (binary16, rounded up, little endian), then the index of each value's nearest entry, the first in the
 * lowest bits. A block of zeros stays zero.
 * @throws RangeError for NaN, infinities and magnitudes above 65504
 */
export function encodeCodebook(
  values: Float32Array,
  settings: CodebookSettings,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(codebookByteLength(values.length, settings));
  const { codebookBits, blockSize } = settings;
  const scales = blockScales(values, blockSize);
  const view = new DataView(bytes.buffer);
  scales.forEach((scale, block) => {
    view.setUint16(BYTES_PER_SCALE * block, scale, true);
  });
  const indices = bytes.subarray(BYTES_PER_SCALE * scales.length);
  const codebook = codebooks[codebookBits];
  values.forEach((value, i) => {
    const scale = halfToFloat(scales[Math.floor(i / blockSize)]!);
    writeIndex(indices, i, indexBits(codebookBits), nearestIndex(codebook, scale && value / scale));
  });
  return bytes;
}

/**
 * The values scale · codebook entry, as float32.
 * @throws RangeError on a wrong length, a scale that is negative or not finite, an index beyond the codebook, or set
 * bits after the last index
 */
export function decodeCodebook(
  bytes: Uint8Array,
  settings: CodebookSettings & { readonly length: number },
): Float32Array<ArrayBuffer> {
  const { codebookBits, blockSize, length } = settings;
  const expected = codebookByteLength(length, settings);
  if (bytes.length !== expected) {
    throw new RangeError(`payload must have ${expected} bytes, got ${bytes.length}`);
  }
  const scales = readScales(bytes, blockCount(length, blockSize));
  const indices = bytes.subarray(BYTES_PER_SCALE * scales.length);
  requireZeroTail(indices, length * indexBits(codebookBits));
  const codebook = codebooks[codebookBits];
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 1) {
    const index = readIndex(indices, i, indexBits(codebookBits));
    const entry = codebook[index];
    if (entry === undefined) throw new RangeError(`index ${i} must be < ${codebook.length}`);
    values[i] = scales[Math.floor(i / blockSize)]! * entry;
  }
  return values;
}

function readScales(bytes: Uint8Array, count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: count }, (_, block) => {
    const bits = view.getUint16(BYTES_PER_SCALE * block, true);
    // Patterns from 0x7c00 on are infinity, NaN, and everything with a sign.
    if (bits >= 0x7c00) throw new RangeError(`scale ${block} must be finite and ≥ 0`);
    return halfToFloat(bits);
  });
}

function requireZeroTail(indices: Uint8Array, usedBits: number): void {
  const last = indices.at(-1) ?? 0;
  if (usedBits % 8 !== 0 && last >>> (usedBits % 8) !== 0) {
    throw new RangeError('the bits after the last index must be 0');
  }
}

// An index of up to 4 bits lies in at most two bytes.
function writeIndex(indices: Uint8Array, i: number, bits: number, index: number): void {
  const at = i * bits;
  const shifted = index << (at & 7);
  indices[at >>> 3]! |= shifted & 255;
  if (shifted > 255) indices[(at >>> 3) + 1]! |= shifted >>> 8;
}

function readIndex(indices: Uint8Array, i: number, bits: number): number {
  const at = i * bits;
  const pair = indices[at >>> 3]! | ((indices[(at >>> 3) + 1] ?? 0) << 8);
  return (pair >>> (at & 7)) & ((1 << bits) - 1);
}
