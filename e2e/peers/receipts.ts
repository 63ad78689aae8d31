import { plannedRelease } from '@roundtable/privacy';
import type { FederationManifest, RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import { sha256Hex } from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import { signReceipt } from '@roundtable/receipts';

/** What a receipt is about. */
export interface Subject {
  manifest: FederationManifest;
  clientId: string;
  round: number;
  /** Of the adapter that was announced for the round. */
  adapterSha256: string;
  parameterCount: number;
}

/** The receipt that an honest participant signs for her first update of a federation, or with `changes` another. */
export async function receiptFor(
  signer: Signer,
  { manifest, clientId, round, adapterSha256, parameterCount }: Subject,
  frame: Uint8Array,
  changes: Partial<RoundReceipt> = {},
): Promise<SignedReceipt> {
  const { settings, federationId, hubPublicKey } = manifest;
  const { privacy, training, wire } = settings;
  if (privacy === null) throw new Error('the federation has no differential privacy');
  const { privacyUnit, clippingNorm, delta } = privacy;
  const { event: release, count } = plannedRelease({
    ...privacy,
    ...training,
    length: parameterCount,
    exampleCap: training.maxExamplesPerStep,
  });
  return signReceipt(signer, {
    version: 1,
    hubPublicKey,
    federationId,
    clientId,
    round,
    frameSha256: await sha256Hex(frame),
    frameBytes: Math.max(1, frame.length),
    adapterSha256,
    baseModelId: settings.baseModelId,
    uploadBits: wire.uploadBits,
    privacy: { privacyUnit, clippingNorm, release, count, delta, epsilonRound: 1, epsilonTotal: 1 },
    previousSha256: null,
    ...changes,
  });
}
