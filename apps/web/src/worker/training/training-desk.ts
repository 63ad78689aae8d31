import { createParticipant, initialParticipantState } from '@roundtable/participant';
import type {
  Clock,
  DataIdentity,
  DeviceTrainer,
  Participant,
  ParticipantState,
  ParticipantStore,
  Transport,
} from '@roundtable/participant';
import type { AdapterSpec } from '@roundtable/lora';
import type { FederationManifest } from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import type { BaseModel } from '@roundtable/transformer';
import type { FaultWatch } from '../backend/fault-watch.ts';
import type { Evaluation, PowerLevel, WorkerEvent } from '../messages.ts';
import type { KeptData, Membership } from '../storage/database.ts';
import { guardedTrainer, prepareTrainer } from './prepare-trainer.ts';
import type { SpendingDesk } from './spending-desk.ts';
import { Throttle } from './throttle.ts';
import { trainingView } from './training-view.ts';

export interface TrainingDeskOptions {
  manifest: FederationManifest;
  spec: AdapterSpec;
  store: ParticipantStore;
  transport: Transport;
  clock: Clock;
  membership: Membership;
  signer: Signer;
  spending: SpendingDesk;
  model: () => Promise<BaseModel>;
  faults: () => Promise<FaultWatch>;
  kept: () => Promise<KeptData | null>;
  saveMembership: (change: (membership: Membership) => Membership) => Promise<void>;
  post: (event: WorkerEvent) => void;
  /** The receipts kept here are others now. */
  onReceipts: () => Promise<void>;
  /** The hub's terms are others than those agreed to. */
  onTermsChanged: () => void;
}

type Totals = Pick<Membership, 'sentBytes' | 'receivedBytes' | 'acceptedRounds'>;

const keptLosses = 200;
const publishEveryMs = 150;

/** The person stopped while the examples were being prepared. */
class Abandoned extends Error {}

/** Starts, pauses and stops the participant, and tells the page how it stands. */
export class TrainingDesk {
  readonly #options: TrainingDeskOptions;
  readonly #throttle: Throttle;
  #participant: Participant | null = null;
  #trainer: DeviceTrainer | null = null;
  #preparing: Promise<void> | null = null;
  #prepared: { done: number; total: number } | null = null;
  #wantsToRun = false;
  #pausedBy: 'person' | 'battery' | null = null;
  #isOnBattery = false;
  #fault: string | null = null;
  #losses: number[] = [];
  #evaluations: Evaluation[];
  #before: Totals;
  #publishTimer: ReturnType<typeof setTimeout> | null = null;
  #lastClosedRound = 0;
  #lastActivity: ParticipantState['activity']['kind'] = 'idle';

  constructor(options: TrainingDeskOptions) {
    this.#options = options;
    this.#throttle = new Throttle(() => options.clock.nowMs());
    this.#evaluations = [...options.membership.evaluations];
    this.#before = options.membership;
  }

  async start(): Promise<void> {
    this.#setWish(true);
    this.#pausedBy = this.#isOnBattery ? 'battery' : null;
    this.#fault = null;
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = null;
      this.publish();
    });
    this.publish();
    try {
      await this.#preparing;
    } catch (error) {
      if (error instanceof Abandoned) return;
      this.#setWish(false);
      throw error;
    }
    if (this.#isWanted()) await this.#run();
    this.publish();
  }

  pause(by: 'person' | 'battery'): void {
    if (by === 'person') this.#setWish(false);
    this.#pausedBy = by;
    this.#participant?.pause();
    this.#throttle.wake();
    this.publish();
  }

  async stop(): Promise<void> {
    this.#setWish(false);
    this.#pausedBy = null;
    this.#participant?.stop();
    this.#throttle.wake();
    await this.#saveTotals();
    this.publish();
  }

  setPower(power: PowerLevel): void {
    this.#throttle.set(power);
  }

  setBattery(mustPause: boolean): void {
    this.#isOnBattery = mustPause;
    if (!this.#wantsToRun) return;
    if (mustPause) this.pause('battery');
    else if (this.#pausedBy === 'battery') void this.start();
  }

  /** The examples are others now: the prepared trainer is of no use any more. */
  async examplesChanged(): Promise<void> {
    await this.#preparing?.catch(() => undefined);
    await this.stop();
    this.#before = this.#totals();
    this.#participant = null;
    this.#trainer?.dispose();
    this.#trainer = null;
    this.#losses = [];
    this.publish();
  }

  forgetLosses(): void {
    this.#losses = [];
    this.publish();
  }

  /** Posts the state soon; many changes in a short time become one message. */
  publish(): void {
    if (this.#publishTimer !== null) return;
    this.#publishTimer = setTimeout(() => {
      this.#publishTimer = null;
      this.#options.post({ kind: 'training', training: this.#view() });
    }, publishEveryMs);
  }

  #setWish(isRunning: boolean): void {
    this.#wantsToRun = isRunning;
    void this.#options.saveMembership((membership) => ({ ...membership, isRunning }));
  }

  #isWanted(): boolean {
    return this.#wantsToRun && this.#pausedBy === null;
  }

  async #prepare(): Promise<void> {
    if (this.#trainer) return;
    const { model, spec, manifest, kept, faults } = this.#options;
    const data = await kept();
    if (!data) throw new Error('there are no examples to train on');
    // Written down before anything is computed from these rows.
    const identity = await this.#options.spending.identify(data);
    const watch = await faults();
    const trainer = await prepareTrainer({
      model: await model(),
      spec,
      manifest,
      rows: data.rows,
      onProgress: (done, total) => {
        this.#prepared = { done, total };
        this.publish();
        if (!this.#wantsToRun) throw new Abandoned();
      },
    });
    await watch.settle();
    this.#trainer = trainer;
    this.#participant = this.#createParticipant(trainer, watch, identity);
  }

  #createParticipant(trainer: DeviceTrainer, faults: FaultWatch, data: DataIdentity): Participant {
    const { transport, clock, store, manifest, signer } = this.#options;
    const guarded = guardedTrainer(trainer, faults, this.#throttle, (loss) => {
      this.#losses = [...this.#losses.slice(1 - keptLosses), loss];
    });
    const given = { transport, clock, store, manifest, signer, data };
    const participant = createParticipant({ ...given, trainer: guarded });
    participant.subscribe((state) => {
      this.#onState(state);
    });
    return participant;
  }

  async #run(): Promise<void> {
    const participant = this.#participant;
    if (!participant) return;
    participant.resume();
    await participant.start();
  }

  #onState(state: ParticipantState): void {
    const closed = state.lastClosed;
    if (closed && closed.round > this.#lastClosedRound) {
      this.#lastClosedRound = closed.round;
      if (closed.outcome === 'completed') {
        const { round, evalLoss: loss, evalAccuracy: accuracy } = closed;
        const others = this.#evaluations.filter((e) => e.round !== round);
        this.#evaluations = [...others, { round, loss, accuracy }].sort(
          (a, b) => a.round - b.round,
        );
      }
      void this.#saveTotals();
    }
    const { activity, budget } = state;
    if (budget !== null) this.#options.spending.show(budget);
    if (activity.kind !== this.#lastActivity) void this.#options.onReceipts();
    this.#lastActivity = activity.kind;
    if (activity.kind === 'refused') {
      const isTerms = activity.reason === 'terms-changed' || activity.reason === 'consent-outdated';
      if (isTerms) this.#options.onTermsChanged();
      if (activity.reason === 'unverified-record') this.#options.spending.distrust();
    }
    this.publish();
  }

  /** Over all visits. */
  #totals(): Totals {
    const state = this.#participant?.state() ?? initialParticipantState;
    const before = this.#before;
    return {
      sentBytes: before.sentBytes + state.sentBytes,
      receivedBytes: before.receivedBytes + state.receivedBytes,
      acceptedRounds: before.acceptedRounds + state.acceptedRounds,
    };
  }

  async #saveTotals(): Promise<void> {
    const totals = { ...this.#totals(), evaluations: this.#evaluations };
    await this.#options.saveMembership((membership) => ({ ...membership, ...totals }));
  }

  #view() {
    const { manifest, spending } = this.#options;
    return trainingView(this.#participant?.state() ?? initialParticipantState, {
      settings: manifest.settings,
      completedRounds: manifest.completedRounds,
      isPreparing: this.#preparing !== null,
      prepared: this.#prepared,
      pausedBy: this.#pausedBy,
      fault: this.#fault,
      examples: this.#trainer?.examplesUsed ?? 0,
      losses: this.#losses,
      evaluations: this.#evaluations,
      before: this.#before,
      epsilonSpent: spending.epsilon,
    });
  }
}
