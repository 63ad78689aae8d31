import type {
  DeclineReason,
  FederationStatus,
  RefusalReason,
  RoundAnnouncement,
  RoundClosed,
  Welcome,
} from '@roundtable/protocol';
import { secureRandom } from '@roundtable/random';
import { RoundBudget } from './budget.ts';
import { backoffMs, Sleeper } from './clock.ts';
import { HubLink } from './hub-link.ts';
import { defaultLimits, limitViolations } from './limits.ts';
import type { ParticipantLimits } from './limits.ts';
import { Membership } from './membership.ts';
import { Observable } from './observable.ts';
import type { Participant, ParticipantOptions } from './participant-options.ts';
import { initialParticipantState } from './participant-state.ts';
import type { ParticipantActivity, ParticipantState, RoundResult } from './participant-state.ts';
import { RoundRunner } from './round-runner.ts';
import type { OpenRound } from './round-runner.ts';
import type { RoundWork } from './round-work.ts';
import { isFinal } from './send-frame.ts';
import { isSameAgreement } from './terms.ts';

const FAILURES_BEFORE_GIVING_UP = 3;

class RoundParticipant implements Participant {
  readonly #options: ParticipantOptions;
  readonly #limits: ParticipantLimits;
  readonly #link: HubLink;
  readonly #membership: Membership;
  readonly #budget: RoundBudget;
  readonly #sleeper: Sleeper;
  readonly #runner: RoundRunner;
  readonly #state = new Observable<ParticipantState>(initialParticipantState);
  #learningRate: number;
  /** From `start` to whatever ends taking part. */
  #isLinked = false;
  #failures = 0;

  constructor(options: ParticipantOptions) {
    const { manifest, store, clock, transport } = options;
    const { federationId, settings, consentVersion } = manifest;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#budget = new RoundBudget(
      store.ledger,
      federationId,
      settings,
      this.#limits.abandonedShare,
    );
    this.#sleeper = new Sleeper(clock);
    this.#learningRate = settings.training.learningRate;
    this.#link = new HubLink(transport, federationId);
    this.#runner = this.#createRunner();
    this.#membership = new Membership(this.#link, this.#sleeper, consentVersion, {
      onWelcome: (welcome) => {
        this.#onWelcome(welcome);
      },
      onRefused: (reason, detail) => {
        this.#end({ kind: 'refused', reason, detail });
      },
      wantsReady: () => {
        const { kind } = this.#state.value.activity;
        return !this.#state.value.isPaused && kind !== 'budget-spent' && kind !== 'failed';
      },
    });
  }

  state(): ParticipantState {
    return this.#state.value;
  }

  subscribe(listener: (state: ParticipantState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  async start(): Promise<void> {
    if (this.#isLinked) return;
    const [violation] = limitViolations(this.#options.manifest.settings, this.#limits);
    if (violation !== undefined) {
      this.#show({ kind: 'refused', reason: 'limits', detail: violation });
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
    this.#state.set({ isPaused: true, activity });
    this.#halt({ kind: 'given-up', decline: 'paused' });
    this.#membership.syncReady();
  }

  resume(): void {
    this.#failures = 0;
    this.#state.set({ isPaused: false });
    if (this.#isLinked && this.state().activity.kind === 'failed') this.#show({ kind: 'waiting' });
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
    this.#state.set({ activity, isConnected: false });
    this.#runner.clear();
    this.#sleeper.wakeAll();
    this.#link.disconnect();
  }

  #isOver(): boolean {
    return !this.#isLinked;
  }

  #onConnectionChange(isConnected: boolean): void {
    if (!this.#isLinked) return;
    this.#state.set({ isConnected });
    if (isConnected) this.#membership.connected();
    else this.#membership.lost();
    this.#rest();
  }

  #onWelcome({ manifest, round }: Welcome): void {
    if (!isSameAgreement(this.#options.manifest, manifest)) {
      const detail = 'the federation is no longer the one that was agreed to';
      this.#end({ kind: 'refused', reason: 'terms-changed', detail });
      return;
    }
    const { settings, phase, completedRounds } = manifest;
    this.#learningRate = settings.training.learningRate;
    const counts = { presentClients: 0, neededClients: settings.cohort.minimum };
    const { federationId } = manifest;
    const known = this.#state.value.federation;
    this.#onStatus({ ...counts, ...known, federationId, phase, completedRounds });
    if (!this.#isLinked) return;
    const current = round?.announcement.round ?? 0;
    if (round?.isSubmitted) {
      // The acknowledgement was lost, the update was not.
      if (this.#runner.round === current) this.#halt({ kind: 'accepted' });
      else this.#runner.settle(current);
    } else if (round !== null) this.#onAnnounce(round.announcement);
    if (this.#runner.round !== current) this.#halt({ kind: 'given-up', decline: null });
    this.#sleeper.wakeAll();
    this.#rest();
    this.#membership.syncReady();
  }

  #onStatus({ phase, completedRounds, presentClients, neededClients }: FederationStatus): void {
    if (!this.#isLinked) return;
    this.#state.set({ federation: { phase, completedRounds, presentClients, neededClients } });
    if (phase === 'stopped') this.#end({ kind: 'finished' });
  }

  async #onClosed(closed: RoundClosed): Promise<void> {
    this.#state.set({ lastClosed: closed });
    this.#runner.settle(closed.round);
    if (this.#runner.round === closed.round) this.#halt({ kind: 'given-up', decline: null });
    await this.#guardStorage(this.#budget.close(closed.round, closed.outcome));
    await this.#refreshBudget();
  }

  #onRefusal(reason: RefusalReason, detail: string): void {
    if (!this.#isLinked) return;
    this.#state.set({ lastRefusal: { reason, detail } });
    if (isFinal(reason)) this.#end({ kind: 'refused', reason, detail });
  }

  #onAnnounce(announcement: RoundAnnouncement): void {
    // Before the join is answered nothing is begun: the answer brings the round of this client along.
    if (!this.#isLinked || this.#membership.welcome === null) return;
    this.#learningRate = announcement.learningRate ?? this.#learningRate;
    this.#runner.offer(announcement);
    this.#sleeper.wakeAll();
  }

  #createRunner(): RoundRunner {
    return new RoundRunner({
      sendSlotMs: this.#limits.sendSlotMs,
      nowMs: () => this.#options.clock.nowMs(),
      isPaused: () => this.#state.value.isPaused,
      workOn: (open) => this.#workOn(open),
      onSend: (bytes) => {
        this.#state.set({ sentBytes: this.#state.value.sentBytes + bytes });
      },
      onResult: async (round, result) => {
        if (this.#isLinked) await this.#onResult(round, result);
        await this.#refreshBudget();
      },
    });
  }

  #workOn(open: OpenRound): RoundWork | null {
    const { welcome } = this.#membership;
    if (welcome === null) return null;
    const { clock, random, ...given } = this.#options;
    return {
      ...given,
      announcement: open.announcement,
      clientId: welcome.clientId,
      maxFrameBytes: welcome.maxFrameBytes,
      learningRate: this.#learningRate,
      deadlineMs: open.deadlineMs,
      budget: this.#budget,
      random: random ?? secureRandom(),
      nowMs: () => clock.nowMs(),
      sleep: (delayMs) => this.#sleeper.sleep(delayMs),
      isJoined: () => this.#membership.welcome !== null,
      halted: () => this.#runner.halted(open),
      show: (activity) => {
        if (open.halt === null) this.#show(activity);
      },
      received: (bytes) => {
        this.#state.set({ receivedBytes: this.#state.value.receivedBytes + bytes });
      },
    };
  }

  #halt(result: RoundResult): void {
    this.#runner.halt(result);
    this.#sleeper.wakeAll();
  }

  async #onResult(round: number, result: RoundResult): Promise<void> {
    if (result.kind === 'failed') {
      await this.#onFailure(round, result);
      return;
    }
    if (result.kind === 'accepted') {
      this.#failures = 0;
      this.#state.set({ acceptedRounds: this.#state.value.acceptedRounds + 1 });
    } else if (result.kind === 'refused') {
      this.#onRefusal(result.reason, result.detail);
    } else if (result.kind === 'budget-spent') {
      this.#show({ kind: 'budget-spent', because: result.because });
      await this.#decline(round, 'budget-exhausted');
    } else if (result.decline !== null) await this.#decline(round, result.decline);
    this.#rest();
    this.#membership.syncReady();
  }

  async #onFailure(
    round: number,
    { cause, detail }: Extract<RoundResult, { kind: 'failed' }>,
  ): Promise<void> {
    this.#failures += 1;
    const isFinalFailure = this.#failures >= FAILURES_BEFORE_GIVING_UP;
    this.#show({ kind: 'failed', cause, detail, isFinal: isFinalFailure });
    await this.#decline(round, 'failed-closed');
    if (!isFinalFailure) void this.#recover(backoffMs(this.#failures + 2));
  }

  /** Offers itself again after a wait, unless something else happened to the failure meanwhile. */
  async #recover(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    const failure = this.#state.value.activity;
    const atMs = clock.nowMs() + waitMs;
    while (this.#state.value.activity === failure && clock.nowMs() < atMs) {
      await this.#sleeper.sleep(atMs - clock.nowMs());
    }
    if (this.#state.value.activity !== failure) return;
    this.#show({ kind: 'waiting' });
    this.#rest();
    this.#membership.syncReady();
  }

  async #decline(round: number, reason: DeclineReason): Promise<void> {
    if (reason !== 'too-late') this.#membership.declined();
    if (this.#membership.welcome !== null) await this.#link.decline(round, reason);
  }

  /** Shows what the participant does between rounds. */
  #rest(): void {
    const { activity, isPaused } = this.#state.value;
    if (!this.#isLinked || this.#runner.round !== null) return;
    if (isPaused) this.#show({ kind: 'paused' });
    else if (activity.kind !== 'budget-spent' && activity.kind !== 'failed') {
      this.#show({ kind: this.#membership.welcome === null ? 'connecting' : 'waiting' });
    }
  }

  async #refreshBudget(): Promise<void> {
    const budget = await this.#guardStorage(this.#budget.state());
    if (budget !== undefined) this.#state.set({ budget });
  }

  /** Without its ledger a participant must not go on. */
  async #guardStorage<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#end({ kind: 'failed', cause: 'storage-failed', detail, isFinal: true });
      return undefined;
    }
  }

  #show(activity: ParticipantActivity): void {
    this.#state.set({ activity });
  }
}

/** One client of a federation. Nothing happens before `start`. */
export function createParticipant(options: ParticipantOptions): Participant {
  return new RoundParticipant(options);
}
