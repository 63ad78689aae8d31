import { adapterVariant, parameterCount } from '@roundtable/lora';
import {
  adapterShapeDigest,
  encodeUpdateFrame,
  sampleCountOf,
  sha256Hex,
} from '@roundtable/protocol';
import type { FederationManifest, RoundAnnouncement } from '@roundtable/protocol';
import { decodeVector, encodePayload, quantizeStochastic } from '@roundtable/quantize';
import type { RandomSource } from '@roundtable/random';
import { learningRateOfRound } from '@roundtable/training';
import type { RoundBudget } from './budget.ts';
import { backoffMs } from './clock.ts';
import type { FailureCause, ParticipantActivity, RoundResult } from './participant-state.ts';
import type { Receipt } from './receipt.ts';
import type { ParticipantStore } from './store.ts';
import type { ParticipantTrainer, TrainedUpdate } from './trainer.ts';
import type { Transport } from './transport.ts';

const ADAPTER_TRIES = 5;

/** One announced round on its way through this client. */
export interface RoundWork {
  readonly announcement: RoundAnnouncement;
  readonly manifest: FederationManifest;
  readonly clientId: string;
  readonly maxFrameBytes: number;
  /** First round's learning rate as it stands now. */
  readonly learningRate: number;
  readonly deadlineMs: number;
  readonly transport: Transport;
  readonly store: ParticipantStore;
  readonly trainer: ParticipantTrainer;
  readonly budget: RoundBudget;
  /** Coins of the stochastic rounding. */
  readonly random: RandomSource;
  readonly nowMs: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Whether the hub knows this connection as ours. */
  readonly isJoined: () => boolean;
  /** Null while the work goes on, else why it ends without an update. */
  readonly halted: () => RoundResult | null;
  readonly show: (activity: ParticipantActivity) => void;
  readonly received: (bytes: number) => void;
}

export type FrameOrResult = { readonly kind: 'frame'; readonly frame: Uint8Array } | RoundResult;

const failed = (cause: FailureCause, detail: string): RoundResult => ({
  kind: 'failed',
  cause,
  detail,
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The checked global adapter, a result where the round ends first, or why the hub's file cannot be used. */
async function fetchGlobalVector(work: RoundWork): Promise<Float32Array | RoundResult> {
  const { manifest, announcement, trainer, transport } = work;
  const { method, wire } = manifest.settings;
  const { adapter } = announcement;
  const length = parameterCount(trainer.spec, adapterVariant(method).broadcastParts);
  let detail = '';
  for (let tries = 1; tries <= ADAPTER_TRIES; tries += 1) {
    const halt = work.halted();
    if (halt !== null) return halt;
    try {
      const bytes = await transport.fetchAdapter(adapter);
      work.received(bytes.length);
      if (bytes.length !== adapter.sizeBytes || (await sha256Hex(bytes)) !== adapter.sha256) {
        throw new RangeError(`adapter ${adapter.sha256} has another size or hash`);
      }
      return decodeVector(bytes, wire.download, wire.uploadBlockSize, length);
    } catch (error) {
      detail = messageOf(error);
    }
    await work.sleep(backoffMs(tries));
  }
  return work.halted() ?? failed('adapter-unusable', detail);
}

async function train(
  work: RoundWork,
  globalVector: Float32Array,
): Promise<TrainedUpdate | RoundResult> {
  const { announcement, manifest, deadlineMs } = work;
  const { round, completedRounds } = announcement;
  const { training, rounds } = manifest.settings;
  const steps = training.localSteps;
  work.show({ kind: 'training', round, deadlineMs, steps, progress: null });
  const schedule = { ...training, learningRate: work.learningRate };
  const trained = await work.trainer.train({
    round,
    learningRate: learningRateOfRound(schedule, completedRounds, rounds),
    localSteps: steps,
    globalVector,
    onStep: (progress) => {
      work.show({ kind: 'training', round, deadlineMs, steps, progress });
    },
    shouldStop: () => work.halted() !== null,
  });
  // What is stopped before booking has told nobody anything: the round can be computed anew.
  return work.halted() ?? trained ?? { kind: 'given-up', decline: 'failed-closed' };
}

async function encode(
  work: RoundWork,
  { update, examplesUsed }: TrainedUpdate,
): Promise<Uint8Array> {
  const { manifest, announcement, trainer, clientId, random } = work;
  const { method, wire } = manifest.settings;
  const length = parameterCount(trainer.spec, adapterVariant(method).trainedParts);
  if (update.length !== length) {
    throw new RangeError(`update must have ${length} values, got ${update.length}`);
  }
  const settings = { bits: wire.uploadBits, blockSize: wire.uploadBlockSize };
  const payload = encodePayload(quantizeStochastic(update, settings, random));
  const shapeDigest = await adapterShapeDigest(trainer.spec, method);
  const { federationId } = manifest;
  const { round } = announcement;
  const header = {
    federationId,
    clientId,
    round,
    parameterCount: length,
    shapeDigest,
    sampleCount: sampleCountOf(manifest.settings, examplesUsed),
    ...settings,
  };
  return encodeUpdateFrame(header, payload);
}

async function receiptOf(
  work: RoundWork,
  frame: Uint8Array,
  { events, examplesUsed }: TrainedUpdate,
  epsilonTotal: number | null,
): Promise<Receipt> {
  const { manifest, announcement, budget } = work;
  const { privacy, wire } = manifest.settings;
  return {
    federationId: manifest.federationId,
    round: announcement.round,
    sentBytes: frame.length,
    sha256: await sha256Hex(frame),
    mechanism: privacy === null ? 'none' : 'local-gaussian',
    clippingNorm: privacy && privacy.clippingNorm,
    noiseMultiplier: privacy && Math.min(...events.map((event) => event.noiseMultiplier)),
    quantizationBits: wire.uploadBits,
    epsilonRound: budget.epsilonOf(events),
    epsilonTotal,
    delta: privacy && privacy.delta,
    adapterSha256: announcement.adapter.sha256,
    baseModelId: manifest.baseModel.id,
    examplesUsed,
    atMs: work.nowMs(),
  };
}

/** Book, then persist, then hand out: from here on this round has exactly these bytes. */
async function commit(
  work: RoundWork,
  trained: TrainedUpdate,
  frame: Uint8Array,
): Promise<FrameOrResult> {
  const { manifest, announcement, budget, store, maxFrameBytes } = work;
  const { round } = announcement;
  if (frame.length > maxFrameBytes) {
    return failed('frame-too-large', `frame must be ≤ ${maxFrameBytes} bytes, got ${frame.length}`);
  }
  const halt = work.halted();
  if (halt !== null) return halt;
  const epsilonTotal = await budget.book(round, trained.events);
  await store.savePendingUpdate(manifest.federationId, { round, frame });
  await store.appendReceipt(await receiptOf(work, frame, trained, epsilonTotal));
  return { kind: 'frame', frame };
}

/** Whatever the trainer throws or gives that is not finite ends here: nothing is booked, nothing leaves. */
async function trainFrame(
  work: RoundWork,
  globalVector: Float32Array,
): Promise<{ trained: TrainedUpdate; frame: Uint8Array } | RoundResult> {
  try {
    const trained = await train(work, globalVector);
    if ('kind' in trained) return trained;
    work.budget.assertPlanned(trained.events);
    return { trained, frame: await encode(work, trained) };
  } catch (error) {
    return failed('trainer-failed', messageOf(error));
  }
}

async function computeFrame(work: RoundWork): Promise<FrameOrResult> {
  const { announcement, deadlineMs, budget } = work;
  const verdict = await budget.verdict();
  if (verdict !== 'affordable') return { kind: 'budget-spent', because: verdict };
  work.show({ kind: 'downloading', round: announcement.round, deadlineMs });
  const globalVector = await fetchGlobalVector(work);
  if (!(globalVector instanceof Float32Array)) return globalVector;
  const made = await trainFrame(work, globalVector);
  return 'kind' in made ? made : commit(work, made.trained, made.frame);
}

/**
 * The bytes of this client's update for the round: those of an earlier attempt where there are any, else computed now,
 * once. A round that was booked but whose bytes are gone is never computed again.
 */
export async function prepareFrame(work: RoundWork): Promise<FrameOrResult> {
  const { manifest, announcement, store, budget } = work;
  const { round, completedRounds } = announcement;
  try {
    const pending = await store.loadPendingUpdate(manifest.federationId);
    if (pending?.round === round) return { kind: 'frame', frame: pending.frame };
    if (await budget.isBooked(round)) {
      return failed('update-lost', `round ${round} was booked, its update is not on this device`);
    }
    await budget.settleBefore(round, completedRounds);
    return await computeFrame(work);
  } catch (error) {
    return failed('storage-failed', messageOf(error));
  }
}
