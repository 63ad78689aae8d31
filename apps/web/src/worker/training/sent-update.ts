import { decodeUpdateFrame, isIntegerFrame } from '@roundtable/protocol';
import type { UpdateFrameHeader } from '@roundtable/protocol';
import { decodeIntegers, decodePayload } from '@roundtable/quantize';
import type { BytesPerValue, QuantizedTensor } from '@roundtable/quantize';
import type { SentUpdate } from '../messages.ts';

const shownCodes = 240;
const shownBytes = 256;
const mostGridColumns = 101;
const bytesOfBits: Readonly<Record<16 | 24 | 32, BytesPerValue>> = { 16: 2, 24: 3, 32: 4 };

/** Code `i` as the signed integer it stands for. */
function codeAt({ codes, bits }: QuantizedTensor, i: number): number {
  if (bits === 8) return (codes[i]! << 24) >> 24;
  const nibble = i % 2 === 0 ? codes[i >>> 1]! : codes[i >>> 1]! >>> 4;
  return (nibble << 28) >> 28;
}

/** All integers of a frame, in order. */
function integersOf({ bits, blockSize, parameterCount: length }: Header, payload: Uint8Array) {
  if (bits === 4 || bits === 8) {
    const tensor = decodePayload(payload, { bits, blockSize, length });
    return Int32Array.from({ length }, (_, i) => codeAt(tensor, i));
  }
  const bytesPerValue = bytesOfBits[bits];
  return decodeIntegers(payload, { bytesPerValue, length, maxMagnitude: 2 ** 31 });
}
type Header = Pick<UpdateFrameHeader, 'bits' | 'blockSize' | 'parameterCount'>;

/**
 * A column for each code of a block; grid integers share columns of equal width, about twice as many as the root of their
 * number, so that a few hundred of them show a shape too.
 */
function histogramOf(integers: Int32Array, bits: Header['bits']): SentUpdate['histogram'] {
  const isGrid = isIntegerFrame(bits);
  const most = integers.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  const gridColumns = Math.min(mostGridColumns, 2 * Math.ceil(Math.sqrt(integers.length)) + 1);
  const columns = isGrid ? Math.min(gridColumns, 2 * most + 1) : 2 ** bits - 1;
  const half = (columns - 1) / 2;
  const width = isGrid ? most / half : 1;
  const counts = new Array<number>(columns).fill(0);
  for (const value of integers) counts[Math.round(value / width) + half]! += 1;
  return counts.map((count, i) => ({ code: Math.round((i - half) * width), count }));
}

/** The integers of a frame as it went over the wire; `round` alone where the frame is gone. */
export async function describeFrame(round: number, frame: Uint8Array | null): Promise<SentUpdate> {
  const gone: SentUpdate = {
    round,
    sizeBytes: 0,
    bits: 8,
    blockSize: 0,
    parameterCount: 0,
    histogram: [],
    firstCodes: [],
    firstBytes: new Uint8Array(),
  };
  if (!frame) return gone;
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok)
    throw new Error(`the kept frame of round ${round} is damaged: ${decoded.detail}`);
  const { bits, blockSize, parameterCount } = decoded.header;
  const integers = integersOf(decoded.header, decoded.payload);
  return {
    round,
    sizeBytes: frame.length,
    bits,
    blockSize,
    parameterCount,
    histogram: histogramOf(integers, bits),
    firstCodes: [...integers.subarray(0, shownCodes)],
    firstBytes: frame.slice(0, shownBytes),
  };
}
