import type { FrameRefusal } from '@roundtable/protocol';
import {
  adapterShapeDigest,
  decodeUpdateFrame,
  frameMismatch,
  maxSampleCount,
} from '@roundtable/protocol';
import { updateNormBound } from '@roundtable/federated';
import { decodeUpload, uploadFormat } from '@roundtable/methods';
import type { FederationRow } from '../storage/rows.ts';
import { l2Norm } from './norm.ts';

/** Room for a frame of the other bit width, so that it is refused as such and not for its size. */
const SIZE_SLACK_FACTOR = 2;
const SIZE_SLACK_BYTES = 4_096;

type UpdateTerms = Pick<FederationRow, 'federationId' | 'settings' | 'spec' | 'parameterCount'>;

export type CheckedUpdate =
  | {
      readonly ok: true;
      readonly values: Float32Array | Float64Array;
      readonly norm: number;
      readonly sampleCount: number;
    }
  | FrameRefusal;

const refuse = (reason: FrameRefusal['reason'], detail: string): FrameRefusal => ({
  ok: false,
  reason,
  detail,
});

/** Whether a frame is so large that reading it is not worth the time. */
export function isOversized({ settings, spec }: UpdateTerms, sizeBytes: number): boolean {
  const { frameBytes } = uploadFormat(settings, spec);
  return sizeBytes > SIZE_SLACK_FACTOR * frameBytes + SIZE_SLACK_BYTES;
}

/** Reads a client's frame and checks everything that can be checked about it: nothing in it is trusted before. */
export async function checkUpdate(
  federation: UpdateTerms,
  clientId: string,
  round: number,
  frame: Uint8Array,
): Promise<CheckedUpdate> {
  const { federationId, settings, spec, parameterCount } = federation;
  const { bits, blockSize, frameBytes, payloadBytes } = uploadFormat(settings, spec);
  if (isOversized(federation, frame.length)) {
    return refuse('too-large', `a frame has ${frameBytes} bytes, got ${frame.length}`);
  }
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok) return decoded;
  const mismatch = frameMismatch(decoded.header, decoded.payload.length, {
    federationId,
    clientId,
    round,
    bits,
    blockSize,
    parameterCount,
    shapeDigest: await adapterShapeDigest(spec, settings.method),
    payloadBytes,
    maxSampleCount: maxSampleCount(settings),
  });
  if (mismatch !== null) return mismatch;
  const checked = checkValues(federation, decoded.payload);
  return checked.ok ? { ...checked, sampleCount: decoded.header.sampleCount } : checked;
}

function checkValues(
  { settings, spec, parameterCount }: UpdateTerms,
  payload: Uint8Array,
): Omit<Extract<CheckedUpdate, { ok: true }>, 'sampleCount'> | FrameRefusal {
  let values: Float32Array | Float64Array;
  try {
    values = decodeUpload(uploadFormat(settings, spec), payload);
  } catch (error) {
    // The length was checked before, so what is left are scales, codes and integers that no encoder writes.
    return refuse('not-finite', error instanceof Error ? error.message : 'payload is not valid');
  }
  const norm = l2Norm(values);
  if (!Number.isFinite(norm)) return refuse('not-finite', 'the update is not finite');
  const bound = updateNormBound(settings, parameterCount);
  if (norm > bound) {
    return refuse('norm-too-large', `the update's norm must be ≤ ${bound}, got ${norm}`);
  }
  return { ok: true, values, norm };
}
