import { createHash } from 'node:crypto';
import { updateRefusal } from '@roundtable/federated';
import type { CountersignedReceipt, Refusal, SignedReceipt, Submitted } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import { countersign } from '@roundtable/receipts';
import type { UpdateRow } from '../storage/rows.ts';
import { receiptFault } from './check-receipt.ts';
import { checkUpdate, isOversized } from './check-update.ts';
import type { FederationCore } from './federation-core.ts';
import { recordSeenFrame } from './spending-record.ts';

/** What a client hands in. */
interface Submission {
  readonly clientId: string;
  readonly round: number;
  readonly receipt: SignedReceipt;
  readonly frame: Uint8Array;
}

/**
 * Takes an update: it is acknowledged only when its frame, its countersigned receipt, its spending and the transition
 * that counts it are on disk. The very same bytes again get the same countersignature again; other bytes for the same
 * round are refused. A refused frame was seen all the same, so its round counts as spent.
 */
export async function submit(
  core: FederationCore,
  submission: Submission,
): Promise<Submitted | Refusal> {
  const { clientId, round, frame } = submission;
  let answer: Submitted | Refusal | null = null;
  try {
    answer = await take(core, submission);
  } finally {
    if (answer?.refused !== false) await recordSeenFrame(core, clientId, frame);
  }
  if (answer.refused) noteRefusal(core, clientId, round, answer);
  return answer;
}

async function take(core: FederationCore, submission: Submission): Promise<Submitted | Refusal> {
  const { clientId, round, receipt, frame } = submission;
  if (isOversized(core.row, frame.length)) {
    return refusal('too-large', `${frame.length} bytes are no update of this federation`);
  }
  const before = verdictOf(core, submission);
  if (before !== null) return before;
  const checked = await checkUpdate(core.row, clientId, round, frame);
  if (!checked.ok) return refusal(checked.reason, checked.detail);
  const fault = await receiptFault(core, clientId, round, frame, receipt);
  if (fault !== null) {
    // The same update may have been taken meanwhile, over a connection that the client lost: then it is its own chain's
    // end that the receipt does not follow.
    return verdictOf(core, submission) ?? refusal('bad-receipt', fault);
  }
  const sha256 = await core.deps.blobs.put(frame);
  const signed = await countersigned(core, receipt);
  // The round may have ended, or the same client have been faster on another socket, while this one was on its way.
  const after = verdictOf(core, submission);
  if (after !== null) return after;
  const { norm, sampleCount } = checked;
  store(core, submission, { sha256, sizeBytes: frame.length, norm, sampleCount }, signed);
  return { refused: false, sha256, isDuplicate: false, countersignature: signed.countersignature };
}

type Countersigned = CountersignedReceipt & Pick<Submitted, 'countersignature'>;

async function countersigned(core: FederationCore, receipt: SignedReceipt): Promise<Countersigned> {
  const acceptedAtMs = Math.floor(core.nowMs());
  const countersignature = await countersign(core.deps.signer, receipt, acceptedAtMs);
  return { ...receipt, countersignature };
}

/** The answer that what is stored already gives, or null where the update is new and welcome. */
function verdictOf(
  core: FederationCore,
  { clientId, round, frame }: Submission,
): Submitted | Refusal | null {
  const { updates, receipts } = core.deps.store;
  const { federationId } = core.row;
  const stored = updates.find(federationId, round, clientId);
  if (stored !== null) {
    const sha256 = createHash('sha256').update(frame).digest('hex');
    const kept = receipts.find(federationId, round, clientId)?.document?.countersignature ?? null;
    if (stored.sha256 === sha256 && kept !== null) {
      return { refused: false, sha256, isDuplicate: true, countersignature: kept };
    }
    return refusal('conflicting-update', `an update for round ${round} was accepted before`);
  }
  const reason = updateRefusal(core.state, clientId, round);
  return reason === null ? null : refusal(reason, `round ${round} takes no update of this client`);
}

function store(
  core: FederationCore,
  { clientId, round }: Submission,
  update: Pick<UpdateRow, 'sha256' | 'sizeBytes' | 'norm' | 'sampleCount'>,
  receipt: Countersigned,
): void {
  const { acceptedAtMs, receiptSha256 } = receipt.countersignature;
  const key = { federationId: core.row.federationId, round, clientId, acceptedAtMs };
  const { publicKey } = receipt;
  core.dispatch({ kind: 'update-accepted', clientId, round, nowMs: core.nowMs() }, (draft) => {
    core.deps.store.updates.insert({ ...update, ...key });
    core.deps.store.receipts.insert({ ...key, publicKey, receiptSha256, document: receipt });
    core.recordSpending(clientId, round);
    const client = core.clients.find(clientId);
    if (client !== null) {
      core.clients.put({ ...client, lastUpdateNorm: update.norm, lastSeenAtMs: acceptedAtMs });
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
