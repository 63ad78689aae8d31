import { SafetensorsError } from './error.ts';
import { isObject, own, parseObject } from './json.ts';

// Format: https://github.com/huggingface/safetensors#format. Departure: a hole between two tensors is refused
// here as it is there, and so are dtypes that no model of ours holds (float8, unsigned above 8 bits).

const bytesPerValue = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;
export type Dtype = keyof typeof bytesPerValue;

/** Where a tensor lies: `start` and `end` are byte offsets from the first byte of the file. */
export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: number[];
  start: number;
  end: number;
}

export interface SafetensorsHeader {
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
  /** Byte offset of the first tensor byte. */
  dataStart: number;
}

const LENGTH_BYTES = 8;
const MAXIMUM_HEADER_BYTES = 100_000_000;
const METADATA_KEY = '__metadata__';

/**
 * Bytes of the JSON header that follows the first 8 bytes of a file.
 * @throws SafetensorsError if the claim exceeds the file or 100 MB, so nothing is allocated on a claim alone
 */
export function headerByteLength(
  first8: Uint8Array,
  fileSizeBytes: number,
  fileName: string,
): number {
  if (first8.length < LENGTH_BYTES || fileSizeBytes < LENGTH_BYTES) {
    throw new SafetensorsError(fileName, null, 'is shorter than the 8 bytes of the header length');
  }
  const claimed = new DataView(first8.buffer, first8.byteOffset, LENGTH_BYTES).getBigUint64(
    0,
    true,
  );
  if (claimed > BigInt(MAXIMUM_HEADER_BYTES)) {
    throw new SafetensorsError(
      fileName,
      null,
      `header length must be ≤ ${MAXIMUM_HEADER_BYTES} bytes, got ${String(claimed)}`,
    );
  }
  const length = Number(claimed);
  if (LENGTH_BYTES + length > fileSizeBytes) {
    throw new SafetensorsError(
      fileName,
      null,
      `header claims ${length} bytes, the file has ${fileSizeBytes}: truncated or not safetensors`,
    );
  }
  return length;
}

/**
 * Reads and checks the header of a file of `fileSizeBytes` bytes.
 * @param prefix the file's first bytes, at least 8 + the header length
 * @throws SafetensorsError for anything but a valid file: lengths, offsets, overlaps, gaps, dtypes, shapes, names
 */
export function parseHeader(
  prefix: Uint8Array,
  fileSizeBytes: number,
  fileName: string,
): SafetensorsHeader {
  const dataStart = LENGTH_BYTES + headerByteLength(prefix, fileSizeBytes, fileName);
  if (prefix.length < dataStart) {
    throw new SafetensorsError(
      fileName,
      null,
      `header needs ${dataStart} bytes, only ${prefix.length} were read`,
    );
  }
  const json = parseObject(
    decodeUtf8(prefix.subarray(LENGTH_BYTES, dataStart), fileName),
    fileName,
  );
  const tensors = new Map<string, TensorEntry>();
  for (const [name, description] of Object.entries(json)) {
    if (name === METADATA_KEY) continue;
    tensors.set(name, parseEntry(name, description, dataStart, fileName));
  }
  checkCoverage([...tensors.values()], dataStart, fileSizeBytes, fileName);
  return { tensors, metadata: parseMetadata(own(json, METADATA_KEY), fileName), dataStart };
}

function decodeUtf8(bytes: Uint8Array, fileName: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError(fileName, null, 'the header is not UTF-8');
  }
}

function parseMetadata(value: unknown, fileName: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) {
    throw new SafetensorsError(fileName, null, `${METADATA_KEY} must be an object`);
  }
  const entries = Object.entries(value).map(([key, text]: [string, unknown]): [string, string] => {
    if (typeof text === 'string') return [key, text];
    throw new SafetensorsError(fileName, null, `${METADATA_KEY}.${key} must be a string`);
  });
  return Object.fromEntries(entries);
}

function parseEntry(
  name: string,
  value: unknown,
  dataStart: number,
  fileName: string,
): TensorEntry {
  const refuse = (reason: string) => new SafetensorsError(fileName, name, reason);
  if (!isObject(value)) throw refuse('the description must be an object');
  const dtype = own(value, 'dtype');
  const shape = own(value, 'shape');
  const offsets = own(value, 'data_offsets');
  if (!isDtype(dtype)) {
    const allowed = Object.keys(bytesPerValue).join(', ');
    throw refuse(
      `dtype must be one of ${allowed}, got ${dtype === undefined ? 'none' : JSON.stringify(dtype)}`,
    );
  }
  if (!isSizes(shape)) throw refuse('shape must be a list of integers ≥ 0');
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw refuse('data_offsets must be two integers ≥ 0');
  }
  const [from, to] = [offsets[0]!, offsets[1]!];
  const bytes = shape.reduce((product, size) => product * size, 1) * bytesPerValue[dtype];
  if (!Number.isSafeInteger(bytes) || to - from !== bytes) {
    throw refuse(`shape [${shape.join(', ')}] of ${dtype} needs ${bytes} bytes, got ${to - from}`);
  }
  return { name, dtype, shape, start: dataStart + from, end: dataStart + to };
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(bytesPerValue, value);
}

function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
  );
}

// Sorted by place, each tensor must begin where the one before ends and the last at the end of the file: that
// one rule refuses overlaps, gaps, offsets outside the file and trailing bytes.
function checkCoverage(
  entries: TensorEntry[],
  dataStart: number,
  fileSizeBytes: number,
  fileName: string,
): void {
  let expected = dataStart;
  for (const { name, start, end } of entries.sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (end > fileSizeBytes) {
      throw new SafetensorsError(
        fileName,
        name,
        `ends at byte ${end}, the file has ${fileSizeBytes}: truncated or wrong offsets`,
      );
    }
    if (start !== expected) {
      const fault = start < expected ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw new SafetensorsError(fileName, name, `${fault}: starts at ${start}, not ${expected}`);
    }
    expected = end;
  }
  if (expected !== fileSizeBytes) {
    throw new SafetensorsError(
      fileName,
      null,
      `the tensors end at byte ${expected}, the file has ${fileSizeBytes}`,
    );
  }
}

/** Bytes of one value of `dtype`. */
export function dtypeByteSize(dtype: Dtype): number {
  return bytesPerValue[dtype];
}
