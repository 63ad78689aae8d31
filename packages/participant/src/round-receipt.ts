import type { PrivacyEvent } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type { RoundReceipt } from '@roundtable/protocol';
import { receiptSha256, signReceipt } from '@roundtable/receipts';
import type { FailureCause } from './participant-state.ts';
import type { SentReceipt, WithheldReceipt } from './receipt.ts';
import type { RoundWork } from './round-work.ts';

/** The releases that the federation's settings declare for this round; empty without differential privacy. */
export function plannedEvents({ budget, announcement }: RoundWork): PrivacyEvent[] {
  const { planned } = budget;
  if (planned === null) return [];
  return [{ ...planned.event, count: planned.count, round: announcement.round }];
}

function accountOf(work: RoundWork, examplesUsed: number | null, epsilonTotal: number | null) {
  const { manifest, announcement, budget } = work;
  const { privacy } = manifest.settings;
  const events = plannedEvents(work);
  return {
    federationId: manifest.federationId,
    round: announcement.round,
    atMs: work.nowMs(),
    examplesUsed,
    epsilonRound: budget.epsilonOf(events),
    epsilonTotal,
    epsilonBroadcastRound: budget.broadcastEpsilonOf(events),
    delta: privacy && privacy.delta,
  };
}

type ReceiptPrivacy = RoundReceipt['privacy'];

/** What the hub reads. Its total is not the contributor's own, which may depend on which rows she has. */
async function privacyOf(work: RoundWork): Promise<ReceiptPrivacy> {
  const { manifest, budget } = work;
  const { privacy } = manifest.settings;
  const { planned } = budget;
  const epsilonRound = budget.epsilonOf(plannedEvents(work));
  const epsilonTotal = await budget.declaredEpsilon();
  if (privacy === null || planned === null || epsilonRound === null || epsilonTotal === null) {
    return null;
  }
  const { privacyUnit, clippingNorm, delta } = privacy;
  const { event: release, count } = planned;
  return { privacyUnit, clippingNorm, release, count, delta, epsilonRound, epsilonTotal };
}

/** What the next receipt of this key is linked to: the latest that it ever signed here, sent or not. */
async function previousSha256({ store, manifest, clientId, signer, announcement }: RoundWork) {
  const pending = await store.loadPendingUpdate(manifest.federationId);
  const receipts = await store.listReceipts(manifest.federationId);
  const candidates = pending === null ? receipts : [...receipts, pending.receipt];
  const [last] = candidates
    .filter((receipt) => receipt.outcome === 'sent')
    .map(({ signed }) => signed)
    .filter(({ receipt, publicKey }) => {
      const isOurs = publicKey === signer.publicKey && receipt.clientId === clientId;
      return isOurs && receipt.round < announcement.round;
    })
    .sort((a, b) => b.receipt.round - a.receipt.round);
  return last === undefined ? null : receiptSha256(last);
}

/** The signed receipt of a frame that is about to be sent for the first time. */
export async function sentReceipt(
  work: RoundWork,
  frame: Uint8Array,
  examplesUsed: number,
  epsilonTotal: number | null,
): Promise<SentReceipt> {
  const { manifest, announcement, clientId, format, signer } = work;
  const signed = await signReceipt(signer, {
    version: 1,
    hubPublicKey: manifest.hubPublicKey,
    federationId: manifest.federationId,
    clientId,
    round: announcement.round,
    frameSha256: await sha256Hex(frame),
    frameBytes: frame.length,
    adapterSha256: announcement.adapter.sha256,
    baseModelId: manifest.settings.baseModelId,
    uploadBits: format.bits,
    privacy: await privacyOf(work),
    previousSha256: await previousSha256(work),
  });
  const account = accountOf(work, examplesUsed, epsilonTotal);
  return { ...account, outcome: 'sent', signed: { ...signed, countersignature: null } };
}

/** The contributor's own note of a round that was spent and of which nothing left. */
export function withheldReceipt(
  work: RoundWork,
  cause: FailureCause,
  epsilonTotal: number | null,
): WithheldReceipt {
  return { ...accountOf(work, null, epsilonTotal), outcome: 'withheld', cause };
}
