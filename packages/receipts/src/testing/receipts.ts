import type { CountersignedReceipt, RoundReceipt } from '@roundtable/protocol';
import { countersign, receiptSha256, signReceipt } from '../signed-receipt.ts';
import type { Signer } from '../signer.ts';

export function receiptOf(hub: Signer, changes: Partial<RoundReceipt> = {}): RoundReceipt {
  const round = changes.round ?? 1;
  return {
    version: 1,
    hubPublicKey: hub.publicKey,
    federationId: 'federation-1',
    clientId: 'client-ann',
    round,
    frameSha256: 'ab'.repeat(32),
    frameBytes: 236,
    adapterSha256: 'cd'.repeat(32),
    baseModelId: 'model',
    uploadBits: 8,
    privacy: {
      privacyUnit: 'example',
      clippingNorm: 1,
      release: {
        kind: 'gaussian',
        samplingRate: 0.5,
        noiseMultiplier: 4.25,
        roundingFailure: 1e-12,
        samplerFailure: 1.5e-24,
      },
      count: 2,
      delta: 1e-5,
      epsilonRound: 0.25,
      epsilonTotal: 0.25 * round,
    },
    previousSha256: null,
    ...changes,
  };
}

/** A chain over the rounds; those in `unanswered` have no countersignature. */
export async function chainOf(
  hub: Signer,
  participant: Signer,
  rounds: readonly number[],
  changes: Partial<RoundReceipt> = {},
  unanswered: readonly number[] = [],
): Promise<CountersignedReceipt[]> {
  const chain: CountersignedReceipt[] = [];
  let previousSha256: string | null = null;
  for (const round of rounds) {
    const receipt = receiptOf(hub, { ...changes, round, previousSha256 });
    const signed = await signReceipt(participant, receipt);
    const countersignature = unanswered.includes(round)
      ? null
      : await countersign(hub, signed, 1_700_000_000_000 + round);
    chain.push({ ...signed, countersignature });
    previousSha256 = await receiptSha256(signed);
  }
  return chain;
}
