import type { Bits, QuantizedTensor, QuantizeSettings } from './tensor.ts';
import { blockCount, checkSettings, codeByteLength, largestCode, readCode } from './tensor.ts';

const BYTES_PER_SCALE = 2;

/** Bytes of a payload: two per scale, then the packed codes. */
export function payloadByteLength(length: number, bits: Bits, blockSize: number): number {
  checkSettings({ bits, blockSize }, length);
  return BYTES_PER_SCALE * blockCount(length, blockSize) + codeByteLength(length, bits);
}

/** All scales (binary16, little endian), then all codes. */
export function encodePayload(tensor: QuantizedTensor): Uint8Array<ArrayBuffer> {
  const { length, bits, blockSize, scales, codes } = tensor;
  const bytes = new Uint8Array(payloadByteLength(length, bits, blockSize));
  const view = new DataView(bytes.buffer);
  scales.forEach((scale, block) => {
    view.setUint16(BYTES_PER_SCALE * block, scale, true);
  });
  bytes.set(codes, BYTES_PER_SCALE * scales.length);
  return bytes;
}

/**
 * The tensor of a payload from the wire.
 * @throws RangeError for a wrong byte count, a scale that is NaN, infinite or negative, a code beyond ±L
 */
export function decodePayload(
  bytes: Uint8Array,
  { bits, blockSize, length }: QuantizeSettings & { readonly length: number },
): QuantizedTensor {
  const expected = payloadByteLength(length, bits, blockSize);
  if (bytes.length !== expected) {
    throw new RangeError(`payload must have ${expected} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scales = new Uint16Array(blockCount(length, blockSize));
  for (let block = 0; block < scales.length; block += 1) {
    const scale = view.getUint16(BYTES_PER_SCALE * block, true);
    // Patterns from 0x7c00 on are infinity, NaN, and everything with a sign.
    if (scale >= 0x7c00) {
      throw new RangeError(
        `scale ${block} must be finite and ≥ 0, got bits 0x${scale.toString(16)}`,
      );
    }
    scales[block] = scale;
  }
  const codes = new Uint8Array(bytes.subarray(BYTES_PER_SCALE * scales.length));
  checkCodes(codes, bits, length);
  return { bits, blockSize, length, scales, codes };
}

function checkCodes(codes: Uint8Array, bits: Bits, length: number): void {
  const bound = largestCode(bits);
  for (let i = 0; i < length; i += 1) {
    const code = readCode(codes, i, bits);
    if (code < -bound) throw new RangeError(`code ${i} must be in ±${bound}, got ${code}`);
  }
  if (bits === 4 && length % 2 === 1 && readCode(codes, length, bits) !== 0) {
    throw new RangeError('the nibble after the last code must be 0');
  }
}
