import type { AdapterSpec } from '@roundtable/lora';
import { encodeVector } from '@roundtable/quantize';
import { plannedRelease } from '@roundtable/privacy';
import type { LedgerEntry, PlannedRelease, PrivacyEvent } from '@roundtable/privacy';
import { sha256Hex } from '@roundtable/protocol';
import type {
  FederationManifest,
  FederationSettings,
  RoundAnnouncement,
} from '@roundtable/protocol';
import { createSigner } from '@roundtable/receipts';
import type { ParticipantLimits } from '../limits.ts';
import { createParticipant } from '../participant.ts';
import type { Participant } from '../participant-options.ts';
import { inMemoryParticipantStore } from '../store.ts';
import type { ParticipantStore } from '../store.ts';
import type { ParticipantTrainer, TrainedUpdate, TrainingTask } from '../trainer.ts';
import { FakeClock } from './fake-clock.ts';
import { hubSigner } from './hub-signer.ts';
import { releasedValues } from './released.ts';
import { ScriptedHub } from './scripted-hub.ts';

/** 4 · (6 + 10) = 64 trained values. */
export const spec: AdapterSpec = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'scene',
  targets: [
    { module: 'layers.0.o_proj', inFeatures: 8, outFeatures: 6, layer: 0 },
    { module: 'layers.0.down_proj', inFeatures: 12, outFeatures: 10, layer: 0 },
  ],
  fanInFanOut: false,
};

/** σ = 4 with 2 releases a round and ε 8 at δ 1e-5: 22 rounds fit (44 releases, exact Gaussian). */
export const settings: FederationSettings = {
  name: 'Scene',
  purpose: '',
  baseModelId: 'model',
  method: 'ffa-lora',
  task: { kind: 'classification', template: '{text} {label}', labels: ['a', 'b'], maxTokens: 32 },
  adapter: {
    rank: 4,
    alpha: 8,
    modules: ['o_proj', 'down_proj'],
    layers: 'all',
    aInit: 'orthonormal',
    aSeed: 'scene',
  },
  training: {
    localSteps: 2,
    learningRate: 10,
    finalLearningRateFactor: 0.5,
    optimizer: 'sgd',
    samplingRate: 1,
    batchDivisor: 50,
    maxExamplesPerStep: 100,
  },
  privacy: {
    privacyUnit: 'example',
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: 8,
    delta: 1e-5,
    clippingNorm: 1,
    noiseMultiplier: 4,
  },
  cohort: {
    minimum: 2,
    target: 3,
    overSelection: 1,
    deadlineSeconds: 100,
    minimumFraction: 0.5,
  },
  wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
  rounds: 11,
  isDemo: false,
};

export function manifestOf(change: Partial<FederationSettings> = {}): FederationManifest {
  return {
    federationId: 'federation-1',
    settings: { ...settings, ...change },
    baseModel: { id: 'model', files: [{ path: 'config.json', bytes: 2, sha256: '0'.repeat(64) }] },
    operator: 'test',
    hubPublicKey: hubSigner.publicKey,
    ceilings: { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
    consentVersion: '1'.repeat(64),
    phase: 'recruiting',
    completedRounds: 0,
    adapter: { sha256: '2'.repeat(64), sizeBytes: 1, encoding: 'fp16', round: 0 },
  };
}

/** What a round of `settings` releases, at any budget. */
export function plannedOf({ privacy, training }: FederationSettings): PlannedRelease {
  if (privacy === null) throw new TypeError('privacy must be on');
  const { localSteps, samplingRate, maxExamplesPerStep: exampleCap } = training;
  return plannedRelease({ ...privacy, localSteps, samplingRate, exampleCap, length: 64 });
}

/** A line of Ann's ledger. */
export const bookingOf = (round: number, events: PrivacyEvent[]): LedgerEntry => ({
  kind: 'booking',
  federationId: 'federation-1',
  accountId: 'account-ann',
  round,
  events,
  budgetGroup: 'person',
  dataSetId: null,
});

/** A trainer whose every computation gives other numbers, so that a second one for the same round shows. */
export class CountingTrainer implements ParticipantTrainer {
  readonly spec = spec;
  readonly tasks: TrainingTask[] = [];
  examplesUsed = 42;
  events: TrainedUpdate['events'] | null = null;
  protection: 'differential-privacy' | 'none' = 'differential-privacy';
  onBeforeStep: (step: number) => void | Promise<void> = () => undefined;
  update: (task: TrainingTask) => Float32Array = () =>
    new Float32Array(64).map((_, i) => (i - 32) / 64 + this.tasks.length);

  async train(task: TrainingTask): Promise<TrainedUpdate | null> {
    this.tasks.push(task);
    const { localSteps: steps, round } = task;
    for (let step = 1; step <= steps; step += 1) {
      if (task.shouldStop()) return null;
      await this.onBeforeStep(step);
      await task.onStep({ step, steps, localLoss: 1 / step, examples: this.examplesUsed });
    }
    const events = this.events ?? [{ ...plannedOf(settings).event, count: steps, round }];
    const update = releasedValues(this.update(task), this.protection);
    return { update, events, examplesUsed: this.examplesUsed };
  }
}

/** Kept over restarts, as a browser keeps it. */
const signer = await createSigner();

/** One participant with everything round it. `restart` is a crash: a new participant on what the old one stored. */
export class Scene {
  readonly clock = new FakeClock();
  readonly store: ParticipantStore;
  readonly hub: ScriptedHub;
  readonly manifest: FederationManifest;
  readonly limits: Partial<ParticipantLimits>;
  trainer = new CountingTrainer();
  participant: Participant;

  constructor(
    change: Partial<FederationSettings> = {},
    limits: Partial<ParticipantLimits> = {},
    store = inMemoryParticipantStore(),
  ) {
    this.manifest = manifestOf(change);
    this.hub = new ScriptedHub(this.manifest);
    this.limits = limits;
    this.store = store;
    this.participant = this.#create();
  }

  #create(): Participant {
    const { clock, store, manifest, limits, trainer } = this;
    return createParticipant({
      transport: this.hub,
      clock,
      store,
      manifest,
      limits,
      trainer,
      signer,
    });
  }

  get kind(): string {
    return this.participant.state().activity.kind;
  }

  async joined(): Promise<this> {
    await this.participant.start();
    await this.clock.until(() => this.hub.of('client:ready').length > 0);
    return this;
  }

  async restart(): Promise<void> {
    this.participant.stop();
    await this.clock.settle();
    this.trainer = new CountingTrainer();
    this.trainer.update = () => new Float32Array(64).fill(-3);
    this.participant = this.#create();
    await this.participant.start();
  }

  async announcement(round: number, completedRounds = round - 1): Promise<RoundAnnouncement> {
    const bytes = encodeVector(new Float32Array(64).fill(round / 8), 'fp16', 64);
    const sha256 = await sha256Hex(bytes);
    this.hub.blobs.set(sha256, bytes);
    const adapter = {
      sha256,
      sizeBytes: bytes.length,
      encoding: 'fp16',
      round: round - 1,
    } as const;
    const { federationId } = this.manifest;
    return { federationId, round, completedRounds, adapter, remainingMs: 100_000 };
  }

  async announce(round: number, completedRounds?: number): Promise<void> {
    this.hub.announce(await this.announcement(round, completedRounds));
  }

  /** Announces the round and waits until the participant has done with it. */
  async play(round: number, outcome: 'completed' | 'abandoned' = 'completed'): Promise<void> {
    const before = this.hub.of('update:submit').length + this.hub.of('round:decline').length;
    await this.announce(round);
    await this.clock.until(
      () => this.hub.of('update:submit').length + this.hub.of('round:decline').length > before,
    );
    await this.clock.settle();
    this.hub.close(round, outcome);
    await this.clock.settle();
  }

  async bookedRounds(): Promise<number[]> {
    const entries = await this.store.ledger.read(this.manifest.hubPublicKey);
    return entries.filter((entry) => entry.kind === 'booking').map((entry) => entry.round);
  }

  frames(): Uint8Array[] {
    return this.hub.of('update:submit').map((request) => request.frame ?? new Uint8Array());
  }

  declines(): unknown[] {
    return this.hub.of('round:decline').map(({ message }) => [message['round'], message['reason']]);
  }
}
