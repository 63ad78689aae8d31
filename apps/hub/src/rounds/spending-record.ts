import { memberOf } from '@roundtable/federated';
import { decodeUpdateFrame } from '@roundtable/protocol';
import { isOversized } from './check-update.ts';
import type { FederationCore } from './federation-core.ts';

/** Whether the client may have trained in that round, so that what it sends or leaves out depends on its data. */
function mayHaveReleased(core: FederationCore, clientId: string, round: number): boolean {
  const { stage, lastRound } = core.state;
  if (round < 1 || round > lastRound) return false;
  if (stage.kind === 'training' && stage.round === round) {
    return memberOf(core.state, clientId) !== null;
  }
  if ((stage.kind === 'aggregating' || stage.kind === 'evaluating') && stage.round === round) {
    return stage.announced.includes(clientId);
  }
  // Who was asked in earlier rounds is not kept; nobody was who came after them.
  const endedAtMs = core.deps.store.rounds.find(core.row.federationId, round)?.record.endedAtMs;
  const joinedAtMs = core.clients.find(clientId)?.joinedAtMs ?? Infinity;
  return endedAtMs == null || endedAtMs >= joinedAtMs;
}

/** Counts a round as spent where the client may have released something in it. */
export function recordIfReleased(core: FederationCore, clientId: string, round: number): void {
  if (mayHaveReleased(core, clientId, round)) core.recordSpending(clientId, round);
}

/**
 * Counts the round of a frame that is not taken: the hub has seen it all the same. Frames that are not whole, or speak
 * for somebody else, are no releases of this client.
 */
export async function recordSeenFrame(
  core: FederationCore,
  clientId: string,
  frame: Uint8Array,
): Promise<void> {
  if (isOversized(core.row, frame.length)) return;
  const decoded = await decodeUpdateFrame(frame);
  if (!decoded.ok || core.isClosed) return;
  const { header } = decoded;
  if (header.federationId !== core.row.federationId || header.clientId !== clientId) return;
  recordIfReleased(core, clientId, header.round);
}
