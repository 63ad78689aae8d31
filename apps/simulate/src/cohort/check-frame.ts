import { updateNormBound, updateWeight } from '@roundtable/federated';
import { l2Norm } from '@roundtable/linalg';
import { uploadFormat } from '@roundtable/participant';
import type { UploadFormat } from '@roundtable/participant';
import {
  decodeUpdateFrame,
  FRAME_OVERHEAD_BYTES,
  frameMismatch,
  maxSampleCount,
  refusal,
} from '@roundtable/protocol';
import type { ExpectedFrame, FederationSettings, Refusal } from '@roundtable/protocol';
import { decodeIntegers, decodePayload, dequantize } from '@roundtable/quantize';

export interface WeighedUpdate {
  readonly values: Float32Array | Float64Array;
  readonly weight: number;
}

type Sender = Pick<
  ExpectedFrame,
  'federationId' | 'clientId' | 'round' | 'parameterCount' | 'shapeDigest'
>;

function valuesOf(payload: Uint8Array, format: UploadFormat): Float32Array | Float64Array {
  const { length } = format;
  if (format.kind === 'blocks') {
    const { bits, blockSize } = format;
    return dequantize(decodePayload(payload, { bits, blockSize, length }));
  }
  const { bytesPerValue, maxMagnitude, gridStep } = format.grid;
  const integers = decodeIntegers(payload, { bytesPerValue, length, maxMagnitude });
  return Float64Array.from(integers, (units) => units * gridStep);
}

/** An update out of a frame that is what the round expects, or why it is not. */
export async function checkFrame(
  frame: Uint8Array,
  sender: Sender,
  settings: FederationSettings,
): Promise<WeighedUpdate | Refusal> {
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok) return refusal(decoded.reason, decoded.detail);
  const format = uploadFormat(settings, sender.parameterCount);
  const { bits, blockSize, frameBytes, length } = format;
  const mismatch = frameMismatch(decoded.header, decoded.payload.length, {
    ...sender,
    bits,
    blockSize,
    payloadBytes: frameBytes - FRAME_OVERHEAD_BYTES,
    maxSampleCount: maxSampleCount(settings),
  });
  if (mismatch !== null) return refusal(mismatch.reason, mismatch.detail);
  const values = valuesOf(decoded.payload, format);
  const norm = l2Norm(values);
  const bound = updateNormBound(settings, length);
  return norm <= bound
    ? { values, weight: updateWeight(decoded.header.sampleCount) }
    : refusal('norm-too-large', `the update's norm must be ≤ ${bound}, got ${norm}`);
}
