import { decodeUpdateFrame } from '@roundtable/protocol';
import { decodePayload } from '@roundtable/quantize';
import type { QuantizedTensor } from '@roundtable/quantize';
import type { SentUpdate } from '../messages.ts';

const shownCodes = 240;
const shownBytes = 256;

/** Code `i` as the signed integer it stands for. */
function codeAt({ codes, bits }: QuantizedTensor, i: number): number {
  if (bits === 8) return (codes[i]! << 24) >> 24;
  const nibble = i % 2 === 0 ? codes[i >>> 1]! : codes[i >>> 1]! >>> 4;
  return (nibble << 28) >> 28;
}

function histogramOf(tensor: QuantizedTensor): SentUpdate['histogram'] {
  const largest = tensor.bits === 8 ? 127 : 7;
  const counts = new Array<number>(2 * largest + 1).fill(0);
  for (let i = 0; i < tensor.length; i += 1) counts[codeAt(tensor, i) + largest]! += 1;
  return counts.map((count, i) => ({ code: i - largest, count }));
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
  const { bits, blockSize, parameterCount: length } = decoded.header;
  const tensor = decodePayload(decoded.payload, { bits, blockSize, length });
  return {
    round,
    sizeBytes: frame.length,
    bits,
    blockSize,
    parameterCount: length,
    histogram: histogramOf(tensor),
    firstCodes: Array.from({ length: Math.min(shownCodes, length) }, (_, i) => codeAt(tensor, i)),
    firstBytes: frame.slice(0, shownBytes),
  };
}
