import { floatToHalf, halfToFloat } from '@roundtable/linalg';
import { codebookByteLength, decodeCodebook, encodeCodebook } from './codebook.ts';
import type { CodebookBits } from './codebook.ts';
import { decodePayload, encodePayload, payloadByteLength } from './payload.ts';
import { quantizeNearest } from './quantize.ts';
import type { Bits } from './tensor.ts';
import { checkSettings, dequantize } from './tensor.ts';

/** How the hub sends a vector: 16-bit floats, block-wise codes of 8 or 4 bits, or a codebook of w = 1 … 4 bits (FedLPP). */
export type VectorEncoding = 'fp16' | 'q8' | 'q4' | `codebook-${CodebookBits}`;

// Little endian: magic 4, format version u8, encoding u8, blockSize u16, length u32, payload.
const MAGIC = [0x52, 0x54, 0x56, 0x46]; // RTVF
const FORMAT_VERSION = 1;
const HEADER_BYTES = 12;
const encodingCodes: Readonly<Record<VectorEncoding, number>> = {
  fp16: 0,
  q8: 1,
  q4: 2,
  'codebook-1': 3,
  'codebook-2': 4,
  'codebook-3': 5,
  'codebook-4': 6,
};
const uniformBits: Readonly<Partial<Record<VectorEncoding, Bits>>> = { q8: 8, q4: 4 };
const codebookWidths: Readonly<Partial<Record<VectorEncoding, CodebookBits>>> = {
  'codebook-1': 1,
  'codebook-2': 2,
  'codebook-3': 3,
  'codebook-4': 4,
};

/**
 * The vector as the file that clients fetch; the same bytes on every machine.
 * @throws RangeError for NaN, infinities and magnitudes above 65504, the largest binary16
 */
export function encodeVector(
  values: Float32Array,
  encoding: VectorEncoding,
  blockSize: number,
): Uint8Array<ArrayBuffer> {
  const payload = encode(values, encoding, blockSize);
  const file = new Uint8Array(HEADER_BYTES + payload.length);
  file.set(header(encoding, blockSize, values.length));
  file.set(payload, HEADER_BYTES);
  return file;
}

/**
 * The vector of such a file, checked against what the reader expects it to be.
 * @throws RangeError for another magic, version, encoding, block size, length or byte count, and for values not finite
 */
export function decodeVector(
  bytes: Uint8Array,
  encoding: VectorEncoding,
  blockSize: number,
  length: number,
): Float32Array<ArrayBuffer> {
  const expected = header(encoding, blockSize, length);
  const at = expected.findIndex((byte, i) => bytes[i] !== byte);
  if (at >= 0) {
    throw new RangeError(
      `vector file must be ${encoding}, block size ${blockSize}, ${length} values: header byte ${at} differs`,
    );
  }
  const payload = bytes.subarray(HEADER_BYTES);
  const bits = uniformBits[encoding];
  if (bits !== undefined) return dequantize(decodePayload(payload, { bits, blockSize, length }));
  const codebookBits = codebookWidths[encoding];
  if (codebookBits === undefined) return decodeHalves(payload, length);
  return decodeCodebook(payload, { codebookBits, blockSize, length });
}

/** Bytes of the file of a vector of `length` values. */
export function vectorFileByteLength(
  length: number,
  encoding: VectorEncoding,
  blockSize: number,
): number {
  return HEADER_BYTES + vectorPayloadByteLength(length, encoding, blockSize);
}

function vectorPayloadByteLength(
  length: number,
  encoding: VectorEncoding,
  blockSize: number,
): number {
  const bits = uniformBits[encoding];
  if (bits !== undefined) return payloadByteLength(length, bits, blockSize);
  const codebookBits = codebookWidths[encoding];
  return codebookBits === undefined
    ? 2 * length
    : codebookByteLength(length, { codebookBits, blockSize });
}

function header(encoding: VectorEncoding, blockSize: number, length: number): Uint8Array {
  checkSettings({ bits: 8, blockSize }, length);
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint8(4, FORMAT_VERSION);
  view.setUint8(5, encodingCodes[encoding]);
  view.setUint16(6, blockSize, true);
  view.setUint32(8, length, true);
  return bytes;
}

function encode(values: Float32Array, encoding: VectorEncoding, blockSize: number): Uint8Array {
  const bits = uniformBits[encoding];
  if (bits !== undefined) return encodePayload(quantizeNearest(values, { bits, blockSize }));
  const codebookBits = codebookWidths[encoding];
  if (codebookBits === undefined) return encodeHalves(values);
  return encodeCodebook(values, { codebookBits, blockSize });
}

function encodeHalves(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (!(Math.abs(value) <= 65_504)) {
      throw new RangeError(`values[${i}] must be in ±65504, got ${value}`);
    }
    view.setUint16(2 * i, floatToHalf(value), true);
  });
  return bytes;
}

function decodeHalves(payload: Uint8Array, length: number): Float32Array<ArrayBuffer> {
  if (payload.length !== 2 * length) {
    throw new RangeError(`payload must have ${2 * length} bytes, got ${payload.length}`);
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 1) {
    const value = halfToFloat(view.getUint16(2 * i, true));
    if (!Number.isFinite(value)) throw new RangeError(`value ${i} must be finite, got ${value}`);
    values[i] = value;
  }
  return values;
}
