import { updateNormBound, updateWeight } from '@roundtable/federated';
import { l2Norm } from '@roundtable/linalg';
import type { AdapterSpec } from '@roundtable/lora';
import { decodeUpload, uploadFormat } from '@roundtable/methods';
import { decodeUpdateFrame, frameMismatch, maxSampleCount, refusal } from '@roundtable/protocol';
import type { ExpectedFrame, FederationSettings, Refusal } from '@roundtable/protocol';

export interface WeighedUpdate {
  readonly values: Float32Array | Float64Array;
  readonly weight: number;
}

type Sender = Pick<ExpectedFrame, 'federationId' | 'clientId' | 'round' | 'shapeDigest'>;

/** An update out of a frame that is what the round expects, or why it is not. */
export async function checkFrame(
  frame: Uint8Array,
  sender: Sender,
  settings: FederationSettings,
  spec: AdapterSpec,
): Promise<WeighedUpdate | Refusal> {
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok) return refusal(decoded.reason, decoded.detail);
  const format = uploadFormat(settings, spec);
  const { bits, blockSize, payloadBytes, length: parameterCount } = format;
  const mismatch = frameMismatch(decoded.header, decoded.payload.length, {
    ...sender,
    parameterCount,
    bits,
    blockSize,
    payloadBytes,
    maxSampleCount: maxSampleCount(settings),
  });
  if (mismatch !== null) return refusal(mismatch.reason, mismatch.detail);
  const values = decodeUpload(format, decoded.payload);
  const norm = l2Norm(values);
  const bound = updateNormBound(settings, parameterCount);
  return norm <= bound
    ? { values, weight: updateWeight(decoded.header.sampleCount) }
    : refusal('norm-too-large', `the update's norm must be ≤ ${bound}, got ${norm}`);
}
