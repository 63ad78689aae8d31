import { sha256Hex, submittedAnswerSchema } from '@roundtable/protocol';
import type { RefusalReason, Submitted } from '@roundtable/protocol';
import { verifyCountersignature } from '@roundtable/receipts';
import { backoffMs } from './clock.ts';
import type { RoundResult } from './participant-state.ts';
import type { RoundWork } from './round-work.ts';
import type { PendingUpdate } from './store.ts';

const CORRUPTED_TRIES = 3;

/** Reasons that pass by themselves. */
export function isTemporary(reason: RefusalReason): boolean {
  return reason === 'rate-limited' || reason === 'unavailable';
}

/** Reasons after which nothing will be taken from this client any more. */
export function isFinal(reason: RefusalReason): boolean {
  const final: readonly RefusalReason[] = [
    'protocol-version',
    'unauthenticated',
    'token-expired',
    'token-used',
    'forbidden',
    'unknown-federation',
    'federation-not-open',
    'consent-outdated',
    'removed',
  ];
  return final.includes(reason);
}

/** Waits for the next public slot after the announcement, or the deadline if that comes first. */
export async function awaitSlot(
  work: RoundWork,
  startedAtMs: number,
  slotMs: number,
): Promise<void> {
  const elapsed = work.nowMs() - startedAtMs;
  const sendAtMs = slotMs <= 0 ? 0 : startedAtMs + Math.ceil(elapsed / slotMs) * slotMs;
  while (work.nowMs() < Math.min(sendAtMs, work.deadlineMs) && work.halted() === null) {
    await work.sleep(Math.min(sendAtMs, work.deadlineMs) - work.nowMs());
  }
}

/** Keeps the hub's word on the receipt, if it is the hub's and on this receipt. */
async function keepCountersignature(
  work: RoundWork,
  { receipt }: PendingUpdate,
  { countersignature }: Submitted,
): Promise<void> {
  const { hubPublicKey } = work.manifest;
  const { countersignature: _, ...signed } = receipt.signed;
  const holds = await verifyCountersignature(signed, countersignature, hubPublicKey);
  await work.acknowledged(holds ? { ...receipt, signed: { ...signed, countersignature } } : null);
}

/** Whether the hub says that it has these very bytes. */
async function isTaken(frame: Uint8Array, { sha256 }: Submitted): Promise<boolean> {
  return sha256 === (await sha256Hex(frame));
}

/**
 * Sends the update until the hub has it or refuses it for good: always the same bytes and the same receipt. Without a
 * connection it waits. Where the hub has it but its answer was lost, it is sent once more for the countersignature.
 */
export async function sendUpdate(
  work: RoundWork,
  pending: PendingUpdate,
  timing: { readonly startedAtMs: number; readonly slotMs: number },
  onSend: (bytes: number) => void,
): Promise<RoundResult> {
  const { announcement, deadlineMs, transport, manifest } = work;
  const { frame, receipt } = pending;
  const { round } = announcement;
  const { countersignature: _, ...signed } = receipt.signed;
  const message = { federationId: manifest.federationId, round, receipt: signed };
  work.show({ kind: 'sending', round, deadlineMs });
  await awaitSlot(work, timing.startedAtMs, timing.slotMs);
  let corrupted = 0;
  for (let failures = 1; ; failures += 1) {
    while (!work.isJoined() && work.halted() === null) await work.sleep(backoffMs(failures));
    const halt = work.halted();
    if (halt !== null) return halt;
    onSend(frame.length);
    const answer = await transport
      .request('update:submit', message, frame)
      .then((raw) => submittedAnswerSchema.parse(raw))
      .catch(() => null);
    let askedMs = 0;
    if (answer?.refused === false && (await isTaken(frame, answer))) {
      await keepCountersignature(work, pending, answer);
      return { kind: 'accepted' };
    }
    if (answer?.refused === true) {
      const isCorrupted = answer.reason === 'checksum-mismatch';
      corrupted += isCorrupted ? 1 : 0;
      if (!isTemporary(answer.reason) && !(isCorrupted && corrupted < CORRUPTED_TRIES)) {
        if (work.isSubmitted()) return { kind: 'accepted' };
        return { kind: 'refused', reason: answer.reason, detail: answer.detail };
      }
      askedMs = answer.retryAfterMs ?? 0;
    }
    await work.sleep(backoffMs(failures, askedMs));
  }
}
