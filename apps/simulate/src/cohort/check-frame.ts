import { updateNormBound, updateWeight } from '@roundtable/federated';
import { l2Norm } from '@roundtable/linalg';
import { decodeUpdateFrame, frameMismatch, maxSampleCount, refusal } from '@roundtable/protocol';
import type { ExpectedFrame, FederationSettings, Refusal } from '@roundtable/protocol';
import { decodePayload, dequantize, payloadByteLength } from '@roundtable/quantize';

export interface WeighedUpdate {
  readonly values: Float32Array;
  readonly weight: number;
}

/** An update out of a frame that is what the round expects, or why it is not. */
export async function checkFrame(
  frame: Uint8Array,
  expected: Omit<ExpectedFrame, 'payloadBytes' | 'maxSampleCount'>,
  settings: FederationSettings,
): Promise<WeighedUpdate | Refusal> {
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok) return refusal(decoded.reason, decoded.detail);
  const { bits, blockSize, parameterCount: length } = expected;
  const payloadBytes = payloadByteLength(length, bits, blockSize);
  const mismatch = frameMismatch(decoded.header, decoded.payload.length, {
    ...expected,
    payloadBytes,
    maxSampleCount: maxSampleCount(settings),
  });
  if (mismatch !== null) return refusal(mismatch.reason, mismatch.detail);
  const values = dequantize(decodePayload(decoded.payload, { bits, blockSize, length }));
  const norm = l2Norm(values);
  const bound = updateNormBound(settings, length);
  return norm <= bound
    ? { values, weight: updateWeight(decoded.header.sampleCount) }
    : refusal('norm-too-large', `the update's norm must be ≤ ${bound}, got ${norm}`);
}
