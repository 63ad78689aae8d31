import { halfToFloat } from '@roundtable/linalg';
import { SafetensorsError } from './error.ts';
import type { TensorEntry } from './header.ts';

/**
 * The values of one tensor as float32 (F64 is rounded), row-major.
 * @param bytes the tensor's own bytes, from `entry.start` to `entry.end`; any alignment
 * @throws SafetensorsError for a wrong byte count and for dtypes other than F64, F32, F16 and BF16
 */
export function decodeTensor(
  bytes: Uint8Array,
  entry: TensorEntry,
  fileName = 'safetensors',
): Float32Array<ArrayBuffer> {
  const expected = entry.end - entry.start;
  if (bytes.length !== expected) {
    throw new SafetensorsError(
      fileName,
      entry.name,
      `needs ${expected} bytes, got ${bytes.length}: truncated`,
    );
  }
  // The format is little endian, as is every platform that runs JavaScript engines today; a copy aligns. Not
  // by slice: Node's Buffer overrides it with a view of a larger pool.
  const aligned = new Uint8Array(bytes).buffer;
  switch (entry.dtype) {
    case 'F32':
      return new Float32Array(aligned);
    case 'F64':
      return Float32Array.from(new Float64Array(aligned));
    case 'F16':
      return Float32Array.from(new Uint16Array(aligned), halfToFloat);
    case 'BF16':
      return decodeBfloat16(new Uint16Array(aligned));
    default:
      throw new SafetensorsError(fileName, entry.name, `${entry.dtype} does not hold floats`);
  }
}

// bfloat16 is the upper half of a float32.
function decodeBfloat16(codes: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = Uint32Array.from(codes, (code) => (code << 16) >>> 0);
  return new Float32Array(bits.buffer);
}
