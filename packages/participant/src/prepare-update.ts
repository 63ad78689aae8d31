import { learningRateOfRound } from '@roundtable/methods';
import type { ReceivedState } from '@roundtable/methods';
import { BudgetExceeded, RoundBooked } from '@roundtable/privacy';
import { adapterShapeDigest, encodeUpdateFrame, sampleCountOf } from '@roundtable/protocol';
import { encodeUpdate } from './encode-update.ts';
import { failureCauseOf, messageOf } from './failure-cause.ts';
import type { FailureCause, RoundResult } from './participant-state.ts';
import type { Receipt } from './receipt.ts';
import { plannedEvents, sentReceipt, withheldReceipt } from './round-receipt.ts';
import { failed } from './round-work.ts';
import type { RoundWork } from './round-work.ts';
import type { PendingUpdate } from './store.ts';
import type { TrainedUpdate } from './trainer.ts';

export type UpdateOrResult =
  { readonly kind: 'update'; readonly pending: PendingUpdate } | RoundResult;

interface MadeFrame {
  readonly kind: 'made';
  readonly frame: Uint8Array;
  readonly examplesUsed: number;
}

async function train(
  work: RoundWork,
  globalState: ReceivedState,
): Promise<TrainedUpdate | RoundResult> {
  const { announcement, manifest, deadlineMs } = work;
  const { round, completedRounds } = announcement;
  const { training, rounds } = manifest.settings;
  const steps = training.localSteps;
  work.show({ kind: 'training', round, deadlineMs, steps, progress: null });
  const schedule = { ...training, learningRate: work.learningRate };
  const trained = await work.trainer.train({
    round,
    completedRounds,
    learningRate: learningRateOfRound(schedule, completedRounds, rounds),
    localSteps: steps,
    globalState,
    onStep: (progress) => {
      work.show({ kind: 'training', round, deadlineMs, steps, progress });
    },
    shouldStop: () => work.halted() !== null,
  });
  // What is stopped before booking has told nobody anything: the round can be computed anew.
  return work.halted() ?? trained ?? { kind: 'given-up', decline: 'failed-closed' };
}

async function frameOf(
  work: RoundWork,
  { update, examplesUsed }: TrainedUpdate,
): Promise<Uint8Array> {
  const { manifest, announcement, trainer, clientId, format, random } = work;
  const { settings, federationId } = manifest;
  const payload = encodeUpdate(update, settings, format, random);
  const header = {
    federationId,
    clientId,
    round: announcement.round,
    bits: format.bits,
    blockSize: format.blockSize,
    parameterCount: format.length,
    shapeDigest: await adapterShapeDigest(trainer.spec, settings.method),
    sampleCount: sampleCountOf(settings, examplesUsed),
  };
  return encodeUpdateFrame(header, payload);
}

/** Nothing leaves, but releases may have run: the round is spent, and the contributor keeps a note of why. */
async function withhold(work: RoundWork, cause: FailureCause, detail: string) {
  const epsilonTotal = await work.budget.withhold(work.announcement.round);
  await work.store.appendReceipt(withheldReceipt(work, cause, epsilonTotal));
  return failed(cause, detail);
}

/** Whatever the trainer throws or gives that was not released ends here. */
async function trainFrame(
  work: RoundWork,
  globalState: ReceivedState,
): Promise<MadeFrame | RoundResult> {
  try {
    const trained = await train(work, globalState);
    if ('kind' in trained) return trained;
    work.budget.assertPlanned(trained.events);
    const { examplesUsed } = trained;
    return { kind: 'made', frame: await frameOf(work, trained), examplesUsed };
  } catch (error) {
    // A round that ends for other reasons ends as it would have without the failure.
    return work.halted() ?? (await withhold(work, failureCauseOf(error), messageOf(error)));
  }
}

/** ε of the federation with this round, null without differential privacy; a result where another tab was faster. */
async function book(work: RoundWork): Promise<number | null | RoundResult> {
  const { budget, announcement } = work;
  try {
    return await budget.book(announcement.round, plannedEvents(work));
  } catch (error) {
    if (error instanceof RoundBooked) return { kind: 'given-up', decline: null };
    if (!(error instanceof BudgetExceeded)) throw error;
    const verdict = await budget.verdict();
    return { kind: 'budget-spent', because: verdict === 'affordable' ? 'budget-spent' : verdict };
  }
}

/** Book, then persist, then hand out: from here on this round has exactly these bytes and this receipt. */
async function commit(
  work: RoundWork,
  { frame, examplesUsed }: MadeFrame,
): Promise<UpdateOrResult> {
  const { manifest, announcement, store } = work;
  const { round } = announcement;
  const halt = work.halted();
  if (halt !== null) return halt;
  const epsilonTotal = await book(work);
  if (epsilonTotal !== null && typeof epsilonTotal === 'object') return epsilonTotal;
  const receipt = await sentReceipt(work, frame, examplesUsed, epsilonTotal);
  await store.savePendingUpdate(manifest.federationId, { round, frame, receipt });
  await store.appendReceipt(receipt);
  return { kind: 'update', pending: { round, frame, receipt } };
}

async function computeUpdate(work: RoundWork): Promise<UpdateOrResult> {
  const { announcement, deadlineMs, budget, format, maxFrameBytes } = work;
  const verdict = await budget.verdict();
  if (verdict !== 'affordable') return { kind: 'budget-spent', because: verdict };
  const { frameBytes } = format;
  if (frameBytes > maxFrameBytes) {
    return failed('frame-too-large', `frame must be ≤ ${maxFrameBytes} bytes, got ${frameBytes}`);
  }
  work.show({ kind: 'downloading', round: announcement.round, deadlineMs });
  const received = await work.globalAdapter.receive(work);
  if (received.kind !== 'state') return received;
  const made = await trainFrame(work, received.state);
  return made.kind === 'made' ? commit(work, made) : made;
}

/** Books that say spent, but no bytes: the round is over, whatever else is known of it stays. */
async function giveUpLost(work: RoundWork, isListed: boolean): Promise<RoundResult> {
  const { round } = work.announcement;
  const detail = `round ${round} was booked, its update is not on this device`;
  if (isListed) return failed('update-lost', detail);
  return withhold(work, 'update-lost', detail);
}

function isCountersigned(receipt: Receipt | undefined): boolean {
  return receipt?.outcome === 'sent' && receipt.signed.countersignature !== null;
}

/**
 * The update of this client for the round, frame and receipt: that of an earlier attempt where there is one, else
 * computed now, once. A round that was booked but whose bytes are gone is never computed again.
 */
export async function prepareUpdate(work: RoundWork): Promise<UpdateOrResult> {
  const { manifest, announcement, store, budget } = work;
  const { federationId } = manifest;
  const { round, completedRounds } = announcement;
  try {
    const pending = await store.loadPendingUpdate(federationId);
    const receipts = await store.listReceipts(federationId);
    const listed = receipts.find((receipt) => receipt.round === round);
    if (pending?.round === round) {
      if (work.isSubmitted() && isCountersigned(listed)) return { kind: 'accepted' };
      if (listed === undefined) await store.appendReceipt(pending.receipt);
      return { kind: 'update', pending };
    }
    if (work.isSubmitted()) return { kind: 'given-up', decline: null };
    if (await budget.isBooked(round)) return await giveUpLost(work, listed !== undefined);
    await budget.settleBefore(round, completedRounds);
    return await computeUpdate(work);
  } catch (error) {
    return failed('storage-failed', messageOf(error));
  }
}
