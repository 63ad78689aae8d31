import { createHash } from 'node:crypto';
import { updateRefusal } from '@roundtable/federated';
import type { Refusal, Submitted } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { UpdateRow } from '../storage/rows.ts';
import { checkUpdate, isOversized } from './check-update.ts';
import type { FederationCore } from './federation-core.ts';

/**
 * Takes an update: it is acknowledged only when its frame and the transition that counts it are on disk. The very
 * same bytes again are acknowledged again; other bytes for the same round are refused.
 */
export async function submit(
  core: FederationCore,
  clientId: string,
  round: number,
  frame: Uint8Array,
): Promise<Submitted | Refusal> {
  const answer = await take(core, clientId, round, frame);
  if (answer.refused) noteRefusal(core, clientId, round, answer);
  return answer;
}

async function take(
  core: FederationCore,
  clientId: string,
  round: number,
  frame: Uint8Array,
): Promise<Submitted | Refusal> {
  if (isOversized(core.row, frame.length)) {
    return refusal('too-large', `${frame.length} bytes are no update of this federation`);
  }
  const before = verdictOf(core, clientId, round, frame);
  if (before !== null) return before;
  const checked = await checkUpdate(core.row, clientId, round, frame);
  if (!checked.ok) return refusal(checked.reason, checked.detail);
  const sha256 = await core.deps.blobs.put(frame);
  // The round may have ended, or the same client have been faster on another socket, while this one was on its way.
  const after = verdictOf(core, clientId, round, frame);
  if (after !== null) return after;
  const { norm, sampleCount } = checked;
  store(core, clientId, round, { sha256, sizeBytes: frame.length, norm, sampleCount });
  return { refused: false, sha256, isDuplicate: false };
}

/** The answer that what is stored already gives, or null where the update is new and welcome. */
function verdictOf(
  core: FederationCore,
  clientId: string,
  round: number,
  frame: Uint8Array,
): Submitted | Refusal | null {
  const stored = core.deps.store.updates.find(core.row.federationId, round, clientId);
  if (stored !== null) {
    const sha256 = createHash('sha256').update(frame).digest('hex');
    if (stored.sha256 === sha256) return { refused: false, sha256, isDuplicate: true };
    return refusal('conflicting-update', `another update for round ${round} was accepted before`);
  }
  const reason = updateRefusal(core.state, clientId, round);
  return reason === null ? null : refusal(reason, `round ${round} takes no update of this client`);
}

function store(
  core: FederationCore,
  clientId: string,
  round: number,
  update: Pick<UpdateRow, 'sha256' | 'sizeBytes' | 'norm' | 'sampleCount'>,
): void {
  const nowMs = core.nowMs();
  const { federationId } = core.row;
  core.dispatch({ kind: 'update-accepted', clientId, round, nowMs }, (draft) => {
    core.deps.store.updates.insert({
      ...update,
      federationId,
      round,
      clientId,
      acceptedAtMs: nowMs,
    });
    const client = core.clients.find(clientId);
    if (client !== null) {
      core.clients.put({ ...client, lastUpdateNorm: update.norm, lastSeenAtMs: nowMs });
    }
    core.clients.noteAccepted(clientId);
    if (draft.round?.record.round === round) {
      draft.round.record.accepted += 1;
      core.deps.store.rounds.put(draft.round);
    }
  });
  core.touchRound();
  core.touchClient(clientId);
}

function noteRefusal(
  core: FederationCore,
  clientId: string,
  round: number,
  { reason }: Refusal,
): void {
  core.countRejection(round, reason);
  const client = core.clients.find(clientId);
  if (client === null) return;
  core.clients.putLater({ ...client, refusedUpdates: client.refusedUpdates + 1 });
  core.touchClient(clientId);
}
