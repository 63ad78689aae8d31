import { fromHex, toHex } from '@roundtable/protocol';
import type { PublishedFile } from '../method.ts';

/** One file of the scalar log: what everybody needs to follow one round, or, as the genesis, to begin. */
export interface ScalarRecord {
  /** Number of the round; 0 for the genesis. */
  readonly round: number;
  /** Rounds in the adapter before this one; 0 for the genesis too. */
  readonly completedRounds: number;
  /** The record before; null exactly for the genesis. */
  readonly previous: PublishedFile | null;
  /** SHA-256 (hexadecimal) of the trained numbers after this record, little-endian float32. */
  readonly stateSha256: string;
  /** η of the round with decay and stage; 0 for the genesis. */
  readonly learningRate: number;
  /** Mean scalars, already divided, by step, then direction; none for the genesis. */
  readonly scalars: Float32Array;
  /** The genesis's trained numbers, where they are not those of the spec's seed. */
  readonly start: Float32Array | null;
}

// Little-endian: magic 4, version u16, flags u16 (1: has a previous record, 2: has a start), round u32,
// completedRounds u32, learningRate f64, previous round u32, size u32, SHA-256 32, state SHA-256 32, number of scalars
// u32, of start values u32, scalars f32, start f32.
const MAGIC = [0x52, 0x54, 0x53, 0x4c]; // RTSL
const FORMAT_VERSION = 1;
const HAS_PREVIOUS = 1;
const HAS_START = 2;
const DIGEST_BYTES = 32;
const offsets = {
  version: 4,
  flags: 6,
  round: 8,
  completedRounds: 12,
  learningRate: 16,
  previousRound: 24,
  previousSize: 28,
  previousSha256: 32,
  stateSha256: 64,
  scalarCount: 96,
  startLength: 100,
  numbers: 104,
} as const;
const LARGEST_U32 = 0xffff_ffff;

/** Bytes of a record with so many scalars and start values. */
export function scalarRecordByteLength(scalars: number, startLength = 0): number {
  return offsets.numbers + 4 * (scalars + startLength);
}

function requireInteger(name: string, value: number, min: number, max = LARGEST_U32): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`record.${name} must be an integer in ${min} … ${max}, got ${value}`);
  }
}

function requireFinite(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`record.${name}[${at}] must be finite, got ${values[at]!}`);
}

function requireDigest(name: string, hex: string): void {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError(`record.${name} must be 64 digits 0-9a-f`);
}

function requireExactly(name: string, value: unknown, expected: unknown): void {
  if (!Object.is(value, expected)) {
    throw new RangeError(`record.${name} must be ${String(expected)}, got ${String(value)}`);
  }
}

function checkGenesis({ round, completedRounds, learningRate, scalars, start }: ScalarRecord) {
  requireExactly('round', round, 0);
  requireExactly('completedRounds', completedRounds, 0);
  requireExactly('learningRate', learningRate, 0);
  requireExactly('scalars.length', scalars.length, 0);
  if (start === null) return;
  requireInteger('start.length', start.length, 1);
  requireFinite('start', start);
}

function checkFollower(record: ScalarRecord, previous: PublishedFile): void {
  const { round, completedRounds, learningRate, scalars, start } = record;
  requireInteger('round', round, 1);
  requireInteger('completedRounds', completedRounds, 0, round - 1);
  requireInteger('previous.round', previous.round, 0, round - 1);
  requireInteger('previous.sizeBytes', previous.sizeBytes, 1);
  requireDigest('previous.sha256', previous.sha256);
  if ((previous.round === 0) !== (completedRounds === 0)) {
    throw new RangeError(
      `record.previous.round must be 0 exactly after 0 rounds, got ${previous.round} after ${completedRounds}`,
    );
  }
  if (!(learningRate >= 0 && learningRate < Infinity) || Object.is(learningRate, -0)) {
    throw new RangeError(`record.learningRate must be finite and ≥ 0, got ${learningRate}`);
  }
  requireInteger('scalars.length', scalars.length, 1);
  requireFinite('scalars', scalars);
  requireExactly('start', start, null);
}

function checkRecord(record: ScalarRecord): ScalarRecord {
  requireDigest('stateSha256', record.stateSha256);
  if (record.previous === null) checkGenesis(record);
  else checkFollower(record, record.previous);
  return record;
}

/**
 * The record as the file that clients fetch; the same bytes on every machine.
 * @throws RangeError naming the field that does not fit
 */
export function encodeScalarRecord(record: ScalarRecord): Uint8Array<ArrayBuffer> {
  const { previous, scalars, start } = checkRecord(record);
  const bytes = new Uint8Array(scalarRecordByteLength(scalars.length, start?.length));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(offsets.version, FORMAT_VERSION, true);
  const flags = (previous === null ? 0 : HAS_PREVIOUS) + (start === null ? 0 : HAS_START);
  view.setUint16(offsets.flags, flags, true);
  view.setUint32(offsets.round, record.round, true);
  view.setUint32(offsets.completedRounds, record.completedRounds, true);
  view.setFloat64(offsets.learningRate, record.learningRate, true);
  if (previous !== null) {
    view.setUint32(offsets.previousRound, previous.round, true);
    view.setUint32(offsets.previousSize, previous.sizeBytes, true);
    bytes.set(fromHex(previous.sha256), offsets.previousSha256);
  }
  bytes.set(fromHex(record.stateSha256), offsets.stateSha256);
  view.setUint32(offsets.scalarCount, scalars.length, true);
  view.setUint32(offsets.startLength, start?.length ?? 0, true);
  writeFloats(view, offsets.numbers, scalars);
  if (start !== null) writeFloats(view, scalarRecordByteLength(scalars.length), start);
  return bytes;
}

/** Writes float32 little-endian, whatever the machine's own order. */
export function writeFloats(view: DataView, offset: number, values: Float32Array): void {
  for (let i = 0; i < values.length; i += 1) view.setFloat32(offset + 4 * i, values[i]!, true);
}

function readFloats(view: DataView, offset: number, length: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 1) values[i] = view.getFloat32(offset + 4 * i, true);
  return values;
}

const readDigest = (bytes: Uint8Array, offset: number): string =>
  toHex(bytes.subarray(offset, offset + DIGEST_BYTES));

function checkEnvelope(bytes: Uint8Array, view: DataView): void {
  if (bytes.length < offsets.numbers) {
    throw new RangeError(`record must have at least ${offsets.numbers} bytes, got ${bytes.length}`);
  }
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new RangeError('record.magic must be RTSL');
  }
  requireExactly('version', view.getUint16(offsets.version, true), FORMAT_VERSION);
  requireInteger('flags', view.getUint16(offsets.flags, true), 0, HAS_PREVIOUS | HAS_START);
  const expected = scalarRecordByteLength(
    view.getUint32(offsets.scalarCount, true),
    view.getUint32(offsets.startLength, true),
  );
  requireExactly('length', bytes.length, expected);
}

function readPrevious(bytes: Uint8Array, view: DataView, isPresent: boolean): PublishedFile | null {
  if (isPresent) {
    return {
      round: view.getUint32(offsets.previousRound, true),
      sizeBytes: view.getUint32(offsets.previousSize, true),
      sha256: readDigest(bytes, offsets.previousSha256),
    };
  }
  // Bytes that no field declares would be a way to send something else.
  const unused = bytes.subarray(offsets.previousRound, offsets.stateSha256);
  if (unused.some((byte) => byte !== 0)) {
    throw new RangeError('record.previous must be all zero where there is none');
  }
  return null;
}

/**
 * The record of a file off the wire: length, magic, version, flags and every field's range are checked, so that each byte
 * belongs to a field and encoding again gives the same bytes.
 * @throws RangeError naming the field
 */
export function decodeScalarRecord(bytes: Uint8Array): ScalarRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkEnvelope(bytes, view);
  const flags = view.getUint16(offsets.flags, true);
  const scalarCount = view.getUint32(offsets.scalarCount, true);
  const startLength = view.getUint32(offsets.startLength, true);
  const hasStart = (flags & HAS_START) !== 0;
  if (!hasStart) requireExactly('start.length', startLength, 0);
  const start = readFloats(view, scalarRecordByteLength(scalarCount), startLength);
  return checkRecord({
    round: view.getUint32(offsets.round, true),
    completedRounds: view.getUint32(offsets.completedRounds, true),
    previous: readPrevious(bytes, view, (flags & HAS_PREVIOUS) !== 0),
    stateSha256: readDigest(bytes, offsets.stateSha256),
    learningRate: view.getFloat64(offsets.learningRate, true),
    scalars: readFloats(view, offsets.numbers, scalarCount),
    start: hasStart ? start : null,
  });
}
