import { idSchema, sha256Schema } from './federation.ts';
import { fromHex, sha256, toHex } from './sha256.ts';
import type { RefusalReason } from './refusal.ts';
import { PROTOCOL_VERSION } from './version.ts';

// Little-endian: magic 4, version u16, bits u8, flags u8 (0), blockSize u16, round u32, parameterCount u32,
// federationId 40, clientId 40 (ASCII, zero padded), shapeDigest 32, sampleCount u32, payloadLength u32, payload,
// SHA-256 of all before.
const MAGIC = [0x52, 0x54, 0x55, 0x50]; // RTUP
const ID_BYTES = 40;
const DIGEST_BYTES = 32;
const offsets = {
  version: 4,
  bits: 6,
  flags: 7,
  blockSize: 8,
  round: 10,
  parameterCount: 14,
  federationId: 18,
  clientId: 58,
  shapeDigest: 98,
  sampleCount: 130,
  payloadLength: 134,
  payload: 138,
} as const;

/** Bytes of an update frame beyond its payload. */
export const FRAME_OVERHEAD_BYTES = offsets.payload + DIGEST_BYTES;

/** Whether bytes begin as every update frame does, and no other file of a federation. */
export function looksLikeUpdateFrame(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Bits of one value: codes with scales (4, 8), or integers of the federation's public grid (16, 24, 32). */
export const frameBits = [4, 8, 16, 24, 32] as const;
export type FrameBits = (typeof frameBits)[number];

/** Whether values are integers of a grid, without scales. */
export function isIntegerFrame(bits: FrameBits): boolean {
  return bits >= 16;
}

/** Who sends how many values of which adapter for which round. */
export interface UpdateFrameHeader {
  readonly federationId: string;
  readonly clientId: string;
  readonly round: number;
  readonly bits: FrameBits;
  /** Values of one scale for 4 and 8 bits; 0 for integers of 16 bits and more, which have none. */
  readonly blockSize: number;
  readonly parameterCount: number;
  /** `adapterShapeDigest` of the federation's adapter, hexadecimal. */
  readonly shapeDigest: string;
  /** The update's weight in the mean, see `sampleCountOf`; 0 under differential privacy. */
  readonly sampleCount: number;
}

export interface FrameRefusal {
  readonly ok: false;
  readonly reason: RefusalReason;
  readonly detail: string;
}
export type DecodedFrame =
  | { readonly ok: true; readonly header: UpdateFrameHeader; readonly payload: Uint8Array }
  | FrameRefusal;

const refuse = (reason: RefusalReason, detail: string): FrameRefusal => ({
  ok: false,
  reason,
  detail,
});

function assertUint(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be an integer in ${min} … ${max}, got ${value}`);
  }
}

function assertHeader(header: UpdateFrameHeader): void {
  assertUint('round', header.round, 1, 0xffff_ffff);
  if (!frameBits.includes(header.bits)) {
    throw new RangeError(`bits must be one of ${frameBits.join(', ')}, got ${header.bits}`);
  }
  const [least, most] = isIntegerFrame(header.bits) ? [0, 0] : [1, 0xffff];
  assertUint('blockSize', header.blockSize, least, most);
  assertUint('parameterCount', header.parameterCount, 1, 0xffff_ffff);
  assertUint('sampleCount', header.sampleCount, 0, 0xffff_ffff);
  idSchema.parse(header.federationId);
  idSchema.parse(header.clientId);
  sha256Schema.parse(header.shapeDigest);
}

/**
 * The binary message a client sends for a round: header, payload, SHA-256 over both.
 * @throws if a header field does not fit its place
 */
export async function encodeUpdateFrame(
  header: UpdateFrameHeader,
  payload: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  assertHeader(header);
  const frame = new Uint8Array(FRAME_OVERHEAD_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  frame.set(MAGIC, 0);
  view.setUint16(offsets.version, PROTOCOL_VERSION, true);
  view.setUint8(offsets.bits, header.bits);
  view.setUint16(offsets.blockSize, header.blockSize, true);
  view.setUint32(offsets.round, header.round, true);
  view.setUint32(offsets.parameterCount, header.parameterCount, true);
  frame.set(new TextEncoder().encode(header.federationId), offsets.federationId);
  frame.set(new TextEncoder().encode(header.clientId), offsets.clientId);
  frame.set(fromHex(header.shapeDigest), offsets.shapeDigest);
  view.setUint32(offsets.sampleCount, header.sampleCount, true);
  view.setUint32(offsets.payloadLength, payload.length, true);
  frame.set(payload, offsets.payload);
  const end = offsets.payload + payload.length;
  frame.set(await sha256(frame.subarray(0, end)), end);
  return frame;
}

function readId(frame: Uint8Array, offset: number): string | null {
  const field = frame.subarray(offset, offset + ID_BYTES);
  const firstZero = field.indexOf(0);
  const length = firstZero < 0 ? ID_BYTES : firstZero;
  if (field.subarray(length).some((byte) => byte !== 0)) return null;
  const id = String.fromCharCode(...field.subarray(0, length));
  return idSchema.safeParse(id).success ? id : null;
}

function envelopeFault(frame: Uint8Array, view: DataView): FrameRefusal | null {
  if (frame.length < FRAME_OVERHEAD_BYTES) {
    return refuse(
      'malformed',
      `a frame has at least ${FRAME_OVERHEAD_BYTES} bytes, got ${frame.length}`,
    );
  }
  if (!looksLikeUpdateFrame(frame)) {
    return refuse('malformed', 'the frame does not begin with RTUP');
  }
  const version = view.getUint16(offsets.version, true);
  if (version !== PROTOCOL_VERSION) {
    return refuse('protocol-version', `the hub speaks version ${PROTOCOL_VERSION}, got ${version}`);
  }
  const declared = view.getUint32(offsets.payloadLength, true);
  const present = frame.length - FRAME_OVERHEAD_BYTES;
  if (declared !== present) {
    return refuse('wrong-length', `the header declares ${declared} payload bytes, got ${present}`);
  }
  return null;
}

function sizeFault({
  bits,
  blockSize,
  parameterCount,
}: Pick<UpdateFrameHeader, 'bits' | 'blockSize' | 'parameterCount'>): FrameRefusal | null {
  if (parameterCount === 0) return refuse('malformed', 'parameterCount must be at least 1, got 0');
  if (isIntegerFrame(bits) === (blockSize === 0)) return null;
  const expected = isIntegerFrame(bits) ? '0' : 'at least 1';
  return refuse('malformed', `blockSize must be ${expected} for ${bits} bits, got ${blockSize}`);
}

/**
 * Reads a frame off the wire: length, magic, version, checksum and every field's range are checked, the payload's
 * content is not. `payload` is a view into `frame`.
 */
export async function decodeUpdateFrame(frame: Uint8Array): Promise<DecodedFrame> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const broken = envelopeFault(frame, view);
  if (broken !== null) return broken;
  const end = frame.length - DIGEST_BYTES;
  const digest = await sha256(frame.subarray(0, end));
  if (digest.some((byte, i) => frame[end + i] !== byte)) {
    return refuse('checksum-mismatch', 'the SHA-256 at the end is not that of the frame');
  }
  const declaredBits = view.getUint8(offsets.bits);
  const bits = frameBits.find((known) => known === declaredBits);
  if (bits === undefined) {
    return refuse('wrong-bits', `bits must be one of ${frameBits.join(', ')}, got ${declaredBits}`);
  }
  const header = {
    federationId: readId(frame, offsets.federationId),
    clientId: readId(frame, offsets.clientId),
    round: view.getUint32(offsets.round, true),
    bits,
    blockSize: view.getUint16(offsets.blockSize, true),
    parameterCount: view.getUint32(offsets.parameterCount, true),
    shapeDigest: toHex(frame.subarray(offsets.shapeDigest, offsets.shapeDigest + DIGEST_BYTES)),
    sampleCount: view.getUint32(offsets.sampleCount, true),
  } as const;
  const { federationId, clientId } = header;
  if (federationId === null || clientId === null || view.getUint8(offsets.flags) !== 0) {
    return refuse('malformed', 'an id or the flags are not well-formed');
  }
  if (header.round === 0) return refuse('wrong-round', 'rounds count from 1, got 0');
  const fault = sizeFault(header);
  if (fault !== null) return fault;
  return {
    ok: true,
    header: { ...header, federationId, clientId },
    payload: frame.subarray(offsets.payload, end),
  };
}

/** What the hub expects of a client's frame in the open round. */
export interface ExpectedFrame extends Omit<UpdateFrameHeader, 'sampleCount'> {
  readonly payloadBytes: number;
  /** `maxSampleCount` of the federation's settings. */
  readonly maxSampleCount: number;
}

// Under differential privacy any count but 0 is refused, so that no client can tell its own by mistake.
function sampleCountFault(sampleCount: number, max: number): FrameRefusal | null {
  const min = Math.min(1, max);
  if (sampleCount >= min && sampleCount <= max) return null;
  return refuse('malformed', `sampleCount must be in ${min} … ${max}, got ${sampleCount}`);
}

/** The first way in which a decoded frame is not the one expected, or null. */
export function frameMismatch(
  header: UpdateFrameHeader,
  payloadBytes: number,
  expected: ExpectedFrame,
): FrameRefusal | null {
  const checks: readonly [RefusalReason, string, string | number, string | number][] = [
    ['unknown-federation', 'federationId', header.federationId, expected.federationId],
    ['wrong-participant', 'clientId', header.clientId, expected.clientId],
    ['wrong-round', 'round', header.round, expected.round],
    ['wrong-shape', 'shapeDigest', header.shapeDigest, expected.shapeDigest],
    ['wrong-shape', 'parameterCount', header.parameterCount, expected.parameterCount],
    ['wrong-bits', 'bits', header.bits, expected.bits],
    ['wrong-bits', 'blockSize', header.blockSize, expected.blockSize],
    ['wrong-length', 'payload bytes', payloadBytes, expected.payloadBytes],
  ];
  const failed = checks.find(([, , got, wanted]) => got !== wanted);
  if (failed === undefined) return sampleCountFault(header.sampleCount, expected.maxSampleCount);
  const [reason, name, got, wanted] = failed;
  return refuse(reason, `${name} must be ${wanted}, got ${got}`);
}
