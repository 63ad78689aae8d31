import type { Receipt } from '@roundtable/participant';
import type { FederationSettings } from '@roundtable/protocol';
import type { ReceiptView } from '../messages.ts';

type Local = Pick<
  ReceiptView,
  'federationId' | 'round' | 'atMs' | 'examplesUsed' | 'epsilonRound' | 'epsilonTotal' | 'delta'
>;

function localOf(receipt: Receipt): Local {
  const { federationId, round, atMs, examplesUsed, epsilonRound, epsilonTotal, delta } = receipt;
  return { federationId, round, atMs, examplesUsed, epsilonRound, epsilonTotal, delta };
}

/** One receipt as the page shows it; what a withheld round would have been comes from the settings. */
export function receiptView(
  receipt: Receipt,
  { privacy, baseModelId, zerothOrder }: FederationSettings,
): ReceiptView {
  const local = localOf(receipt);
  if (receipt.outcome === 'withheld') {
    return {
      ...local,
      outcome: 'withheld',
      cause: receipt.cause,
      countersignedAtMs: null,
      sentBytes: 0,
      sha256: '',
      mechanism: privacy ? (zerothOrder?.noise ?? 'gaussian') : 'none',
      privacyUnit: privacy?.privacyUnit ?? null,
      clippingNorm: privacy?.clippingNorm ?? null,
      noiseMultiplier: privacy?.noiseMultiplier ?? null,
      quantizationBits: 0,
      adapterSha256: '',
      baseModelId,
      previousSha256: null,
    };
  }
  const { receipt: signed, countersignature } = receipt.signed;
  return {
    ...local,
    outcome: 'sent',
    cause: null,
    countersignedAtMs: countersignature?.acceptedAtMs ?? null,
    sentBytes: signed.frameBytes,
    sha256: signed.frameSha256,
    mechanism: signed.privacy?.release.kind ?? 'none',
    privacyUnit: signed.privacy?.privacyUnit ?? null,
    clippingNorm: signed.privacy?.clippingNorm ?? null,
    noiseMultiplier: signed.privacy?.release.noiseMultiplier ?? null,
    quantizationBits: signed.uploadBits,
    adapterSha256: signed.adapterSha256,
    baseModelId: signed.baseModelId,
    previousSha256: signed.previousSha256,
  };
}
