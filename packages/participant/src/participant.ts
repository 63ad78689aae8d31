import { uploadFormat } from '@roundtable/methods';
import type { UploadFormat } from '@roundtable/methods';
import type {
  FederationStatus,
  RefusalReason,
  RoundAnnouncement,
  RoundClosed,
  Welcome,
} from '@roundtable/protocol';
import { RoundBudget } from './budget.ts';
import { Sleeper } from './clock.ts';
import { messageOf } from './failure-cause.ts';
import { FailureRecovery } from './failure-recovery.ts';
import { GlobalAdapter } from './global-adapter.ts';
import { HubLink } from './hub-link.ts';
import { defaultLimits, limitViolations } from './limits.ts';
import type { ParticipantLimits } from './limits.ts';
import { Membership } from './membership.ts';
import { workOn } from './open-work.ts';
import type { Workshop } from './open-work.ts';
import type { Participant, ParticipantOptions } from './participant-options.ts';
import type { ParticipantActivity, ParticipantState, RoundResult } from './participant-state.ts';
import { ParticipantView } from './participant-view.ts';
import { settleOutcome } from './round-outcomes.ts';
import type { OutcomeHost } from './round-outcomes.ts';
import { RoundRunner } from './round-runner.ts';
import type { OpenRound } from './round-runner.ts';
import type { RoundWork } from './round-work.ts';
import { isFinal } from './send-update.ts';
import { WelcomeExaminer } from './welcome-examiner.ts';

class RoundParticipant implements Participant {
  readonly #options: ParticipantOptions;
  readonly #limits: ParticipantLimits;
  readonly #link: HubLink;
  readonly #membership: Membership;
  readonly #format: UploadFormat;
  readonly #globalAdapter: GlobalAdapter;
  readonly #budget: RoundBudget;
  readonly #sleeper: Sleeper;
  readonly #runner: RoundRunner;
  readonly #recovery: FailureRecovery;
  readonly #view = new ParticipantView();
  #learningRate: number;
  /** From `start` to whatever ends taking part. */
  #isLinked = false;
  /** Came while the welcome before it was still being examined. */
  #early: RoundAnnouncement | null = null;

  constructor(options: ParticipantOptions) {
    const { manifest, clock, transport, trainer } = options;
    const { federationId, settings } = manifest;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    const { spec } = trainer;
    this.#format = uploadFormat(settings, spec);
    this.#globalAdapter = new GlobalAdapter({ settings, spec, federationId });
    this.#budget = this.#createBudget();
    this.#sleeper = new Sleeper(clock);
    this.#learningRate = settings.training.learningRate;
    this.#link = new HubLink(transport, federationId);
    this.#runner = this.#createRunner();
    this.#recovery = new FailureRecovery(clock, this.#sleeper, {
      activity: () => this.#view.activity,
      onRecovered: () => {
        this.#view.show({ kind: 'waiting' });
        this.#rest();
        this.#membership.syncReady();
      },
    });
    this.#membership = this.#createMembership();
  }

  #createBudget(): RoundBudget {
    const { manifest, store, data, trainer } = this.#options;
    const given = { manifest, spec: trainer.spec, limits: this.#limits };
    return new RoundBudget({ ...given, store: store.ledger, data: data ?? null });
  }

  #createMembership(): Membership {
    const { manifest, signer } = this.#options;
    const papers = { consentVersion: manifest.consentVersion, publicKey: signer.publicKey };
    const examiner = new WelcomeExaminer(manifest, this.#limits, this.#budget);
    return new Membership(this.#link, this.#sleeper, papers, {
      examine: async (welcome) => {
        const fault = await examiner.fault(welcome);
        if (this.#isOver()) return false;
        if (fault === null) await this.#refreshBudget();
        else this.#end(fault);
        return !this.#isOver();
      },
      onWelcome: (welcome) => {
        this.#onWelcome(welcome);
      },
      onRefused: (reason, detail) => {
        this.#end({ kind: 'refused', reason, detail });
      },
      wantsReady: () => {
        const { kind } = this.#view.activity;
        return !this.#view.value.isPaused && kind !== 'budget-spent' && kind !== 'failed';
      },
    });
  }

  state(): ParticipantState {
    return this.#view.value;
  }

  subscribe(listener: (state: ParticipantState) => void): () => void {
    return this.#view.subscribe(listener);
  }

  async start(): Promise<void> {
    if (this.#isLinked) return;
    const [violation] = limitViolations(this.#options.manifest.settings, this.#limits);
    if (violation !== undefined) {
      this.#view.show({ kind: 'refused', reason: 'limits', detail: violation });
      return;
    }
    this.#isLinked = true;
    this.#rest();
    await this.#refreshBudget();
    if (this.#isOver()) return; // stopped meanwhile, or the ledger cannot be read
    this.#link.connect({
      onConnectionChange: (isConnected) => {
        this.#onConnectionChange(isConnected);
      },
      onAnnounce: (announcement) => {
        this.#onAnnounce(announcement);
      },
      onClosed: (closed) => {
        void this.#onClosed(closed);
      },
      onStatus: (status) => {
        this.#onStatus(status);
      },
      onNotice: (reason, detail) => {
        this.#onRefusal(reason, detail);
      },
    });
  }

  pause(): void {
    const activity = this.#isLinked ? { kind: 'paused' as const } : this.state().activity;
    this.#view.set({ isPaused: true, activity });
    this.#halt({ kind: 'given-up', decline: 'paused' });
    this.#membership.syncReady();
  }

  resume(): void {
    this.#recovery.reset();
    this.#view.set({ isPaused: false });
    if (this.#isLinked && this.state().activity.kind === 'failed')
      this.#view.show({ kind: 'waiting' });
    this.#rest();
    this.#membership.syncReady();
  }

  stop(): void {
    if (this.#isLinked) this.#end({ kind: 'stopped' });
  }

  async leave(): Promise<void> {
    if (this.#membership.welcome !== null) await this.#link.leave();
    this.#end({ kind: 'stopped' });
  }

  /** Ends all work and the connection; the activity says why. */
  #end(activity: ParticipantActivity): void {
    this.#isLinked = false;
    this.#membership.lost();
    this.#view.set({ activity, isConnected: false });
    this.#runner.clear();
    this.#sleeper.wakeAll();
    this.#link.disconnect();
  }

  #isOver(): boolean {
    return !this.#isLinked;
  }

  #onConnectionChange(isConnected: boolean): void {
    if (!this.#isLinked) return;
    this.#view.set({ isConnected });
    this.#early = null;
    if (isConnected) this.#membership.connected();
    else this.#membership.lost();
    this.#rest();
  }

  #onWelcome({ manifest, round }: Welcome): void {
    const { settings, phase, completedRounds } = manifest;
    this.#learningRate = settings.training.learningRate;
    const counts = { presentClients: 0, neededClients: settings.cohort.minimum };
    const { federationId } = manifest;
    const known = this.#view.value.federation;
    this.#onStatus({ ...counts, ...known, federationId, phase, completedRounds });
    if (!this.#isLinked) return;
    const current = round?.announcement.round ?? 0;
    if (round?.isSubmitted) this.#runner.submitted(round.announcement);
    else if (round !== null) this.#onAnnounce(round.announcement);
    if (this.#runner.round !== current) this.#halt({ kind: 'given-up', decline: null });
    const early = this.#early;
    this.#early = null;
    if (early !== null) this.#onAnnounce(early);
    this.#sleeper.wakeAll();
    this.#rest();
    this.#membership.syncReady();
  }

  #onStatus({ phase, completedRounds, presentClients, neededClients }: FederationStatus): void {
    if (!this.#isLinked) return;
    this.#view.set({ federation: { phase, completedRounds, presentClients, neededClients } });
    if (phase === 'stopped') this.#end({ kind: 'finished' });
  }

  async #onClosed(closed: RoundClosed): Promise<void> {
    this.#view.set({ lastClosed: closed });
    this.#runner.settle(closed.round);
    if (this.#runner.round === closed.round) this.#halt({ kind: 'given-up', decline: null });
    await this.#guardStorage(this.#budget.close(closed.round, closed.outcome));
    await this.#refreshBudget();
  }

  #onRefusal(reason: RefusalReason, detail: string): void {
    if (!this.#isLinked) return;
    this.#view.set({ lastRefusal: { reason, detail } });
    if (isFinal(reason)) this.#end({ kind: 'refused', reason, detail });
  }

  #onAnnounce(announcement: RoundAnnouncement): void {
    if (!this.#isLinked) return;
    // Nothing is begun before the welcome has been examined.
    if (this.#membership.welcome === null) {
      this.#early = announcement;
      return;
    }
    this.#learningRate = announcement.learningRate ?? this.#learningRate;
    this.#runner.offer(announcement);
    this.#sleeper.wakeAll();
  }

  #createRunner(): RoundRunner {
    return new RoundRunner({
      sendSlotMs: this.#limits.sendSlotMs,
      nowMs: () => this.#options.clock.nowMs(),
      isPaused: () => this.#view.value.isPaused,
      workOn: (open) => this.#workOn(open),
      onSend: (bytes) => {
        this.#view.addSent(bytes);
      },
      onResult: async (round, result) => {
        if (this.#isLinked) await this.#settle(round, result);
        await this.#refreshBudget();
      },
    });
  }

  #workOn(open: OpenRound): RoundWork | null {
    const workshop: Workshop = {
      options: this.#options,
      format: this.#format,
      globalAdapter: this.#globalAdapter,
      budget: this.#budget,
      sleeper: this.#sleeper,
      membership: this.#membership,
      runner: this.#runner,
      view: this.#view,
      learningRate: this.#learningRate,
      guardStorage: (work) => this.#guardStorage(work),
    };
    return workOn(workshop, open);
  }

  #halt(result: RoundResult): void {
    this.#runner.halt(result);
    this.#sleeper.wakeAll();
  }

  #settle(round: number, result: RoundResult): Promise<void> {
    const host: OutcomeHost = {
      link: this.#link,
      membership: this.#membership,
      recovery: this.#recovery,
      view: this.#view,
      onRefusal: (reason, detail) => {
        this.#onRefusal(reason, detail);
      },
      rest: () => {
        this.#rest();
      },
    };
    return settleOutcome(host, round, result);
  }

  /** Shows what the participant does between rounds. */
  #rest(): void {
    const { activity, isPaused } = this.#view.value;
    if (!this.#isLinked || this.#runner.round !== null) return;
    if (isPaused) this.#view.show({ kind: 'paused' });
    else if (activity.kind !== 'budget-spent' && activity.kind !== 'failed') {
      this.#view.show({ kind: this.#membership.welcome === null ? 'connecting' : 'waiting' });
    }
  }

  async #refreshBudget(): Promise<void> {
    const budget = await this.#guardStorage(this.#budget.state());
    if (budget !== undefined) this.#view.set({ budget });
  }

  /** Without its ledger a participant must not go on. */
  async #guardStorage<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      const detail = messageOf(error);
      this.#end({ kind: 'failed', cause: 'storage-failed', detail, isFinal: true });
      return undefined;
    }
  }
}

/**
 * One client of a federation. Nothing happens before `start`.
 * @throws RangeError where the federation's settings allow no release
 */
export function createParticipant(options: ParticipantOptions): Participant {
  return new RoundParticipant(options);
}
