import { sha256Hex, submittedAnswerSchema } from '@roundtable/protocol';
import type { RefusalReason } from '@roundtable/protocol';
import { backoffMs } from './clock.ts';
import type { RoundResult } from './participant-state.ts';
import type { RoundWork } from './round-work.ts';

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
async function awaitSlot(work: RoundWork, startedAtMs: number, slotMs: number): Promise<void> {
  const elapsed = work.nowMs() - startedAtMs;
  const sendAtMs = slotMs <= 0 ? 0 : startedAtMs + Math.ceil(elapsed / slotMs) * slotMs;
  while (work.nowMs() < Math.min(sendAtMs, work.deadlineMs) && work.halted() === null) {
    await work.sleep(Math.min(sendAtMs, work.deadlineMs) - work.nowMs());
  }
}

/**
 * Sends the frame until the hub has it or refuses it for good: always the same bytes. Without a connection it waits;
 * the hub's answer to the next join says whether the bytes arrived.
 */
export async function sendFrame(
  work: RoundWork,
  frame: Uint8Array,
  timing: { readonly startedAtMs: number; readonly slotMs: number },
  onSend: (bytes: number) => void,
): Promise<RoundResult> {
  const { announcement, deadlineMs, transport, manifest } = work;
  const { round } = announcement;
  const message = { federationId: manifest.federationId, round };
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
    if (answer?.refused === false && answer.sha256 === (await sha256Hex(frame))) {
      return { kind: 'accepted' };
    }
    if (answer?.refused === true) {
      const isCorrupted = answer.reason === 'checksum-mismatch';
      corrupted += isCorrupted ? 1 : 0;
      if (!isTemporary(answer.reason) && !(isCorrupted && corrupted < CORRUPTED_TRIES)) {
        return { kind: 'refused', reason: answer.reason, detail: answer.detail };
      }
      askedMs = answer.retryAfterMs ?? 0;
    }
    await work.sleep(backoffMs(failures, askedMs));
  }
}
