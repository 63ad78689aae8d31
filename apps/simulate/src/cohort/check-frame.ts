import { updateNormBound } from '@roundtable/federated';
import { l2Norm } from '@roundtable/linalg';
import { decodeUpdateFrame, frameMismatch, refusal } from '@roundtable/protocol';
import type { FederationSettings, Refusal, UpdateFrameHeader } from '@roundtable/protocol';
import { decodePayload, dequantize, payloadByteLength } from '@roundtable/quantize';

/** The values of an update frame that is what the round expects, or why it is not. */
export async function checkFrame(
  frame: Uint8Array,
  expected: UpdateFrameHeader,
  settings: FederationSettings,
): Promise<Float32Array | Refusal> {
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok) return refusal(decoded.reason, decoded.detail);
  const { bits, blockSize, parameterCount: length } = expected;
  const payloadBytes = payloadByteLength(length, bits, blockSize);
  const mismatch = frameMismatch(decoded.header, decoded.payload.length, {
    ...expected,
    payloadBytes,
  });
  if (mismatch !== null) return refusal(mismatch.reason, mismatch.detail);
  const values = dequantize(decodePayload(decoded.payload, { bits, blockSize, length }));
  const norm = l2Norm(values);
  const bound = updateNormBound(settings, length);
  return norm <= bound
    ? values
    : refusal('norm-too-large', `the update's norm must be ≤ ${bound}, got ${norm}`);
}
