import type { RoundAnnouncement } from '@roundtable/protocol';
import type { RoundResult } from './participant-state.ts';
import { prepareUpdate } from './prepare-update.ts';
import type { RoundWork } from './round-work.ts';
import { awaitSlot, sendUpdate } from './send-update.ts';

/** The round in hand. `halt` is set once, when its work must end. */
export interface OpenRound {
  readonly announcement: RoundAnnouncement;
  readonly startedAtMs: number;
  readonly deadlineMs: number;
  /** The update exists and is on its way. */
  isSending: boolean;
  /** The hub has it: only its countersignature may be missing here. */
  isSubmitted: boolean;
  halt: RoundResult | null;
}

export interface RoundHost {
  readonly sendSlotMs: number;
  nowMs(): number;
  isPaused(): boolean;
  /** Null where there is no joined connection to begin on. */
  workOn(open: OpenRound): RoundWork | null;
  onSend(bytes: number): void;
  onResult(round: number, result: RoundResult): Promise<void>;
}

/** Plays one round at a time, each at most once; a newer one ends an older one. */
export class RoundRunner {
  readonly #host: RoundHost;
  #open: OpenRound | null = null;
  #next: OpenRound | null = null;
  #settledRound = 0;

  constructor(host: RoundHost) {
    this.#host = host;
  }

  /** Number of the round in hand; null between rounds. */
  get round(): number | null {
    return this.#open?.announcement.round ?? null;
  }

  /** Takes up a round unless it, or a later one, is in hand or over. */
  offer(announcement: RoundAnnouncement, isSubmitted = false): void {
    const latest = this.#next ?? this.#open;
    const known = Math.max(latest?.announcement.round ?? 0, this.#settledRound);
    if (announcement.round <= known) return;
    const startedAtMs = this.#host.nowMs();
    const deadlineMs = startedAtMs + announcement.remainingMs;
    const times = { startedAtMs, deadlineMs };
    const offered = { announcement, ...times, isSending: false, isSubmitted, halt: null };
    if (this.#open === null) {
      void this.#play(offered);
      return;
    }
    this.#next = offered;
    this.halt({ kind: 'given-up', decline: null });
  }

  /** The hub has this client's update of the round: nothing is trained for it any more. */
  submitted(announcement: RoundAnnouncement): void {
    const open = this.#open;
    if (open?.announcement.round !== announcement.round) {
      this.offer(announcement, true);
      return;
    }
    open.isSubmitted = true;
    // Another device of this person may have sent it.
    if (!open.isSending) this.halt({ kind: 'accepted' });
  }

  /** The round is over, whatever became of it here. */
  settle(round: number): void {
    this.#settledRound = Math.max(this.#settledRound, round);
  }

  /** Ends the round in hand with this result at its next step. */
  halt(result: RoundResult): void {
    if (this.#open !== null) this.#halt(this.#open, result);
  }

  /** Ends the round in hand and forgets the one after it. */
  clear(): void {
    this.#next = null;
    this.halt({ kind: 'given-up', decline: null });
  }

  /** Why the work on `open` must end, or null. */
  halted(open: OpenRound): RoundResult | null {
    if (this.#host.isPaused()) this.#halt(open, { kind: 'given-up', decline: 'paused' });
    if (this.#host.nowMs() >= open.deadlineMs) {
      this.#halt(open, { kind: 'given-up', decline: 'too-late' });
    }
    return open.halt;
  }

  #halt(open: OpenRound, result: RoundResult): void {
    // What the hub has is neither given up nor declined any more.
    const isTaken = open.isSubmitted && result.kind === 'given-up';
    open.halt ??= isTaken ? { kind: 'accepted' } : result;
  }

  async #play(open: OpenRound): Promise<void> {
    this.#open = open;
    const result = await this.#playRound(open);
    this.#open = null;
    const { round } = open.announcement;
    this.settle(round);
    await this.#host.onResult(round, result);
    const next = this.#next;
    this.#next = null;
    if (next !== null && next.announcement.round > this.#settledRound) await this.#play(next);
  }

  async #playRound(open: OpenRound): Promise<RoundResult> {
    const work = this.#host.workOn(open);
    if (work === null) return { kind: 'given-up', decline: null };
    const prepared = this.halted(open) ?? (await prepareUpdate(work));
    const timing = { startedAtMs: open.startedAtMs, slotMs: this.#host.sendSlotMs };
    // The moment of a failure would tell which step it was; it is told no more exactly than an update would be sent.
    if (prepared.kind === 'failed') await awaitSlot(work, timing.startedAtMs, timing.slotMs);
    if (prepared.kind !== 'update') return prepared;
    open.isSending = true;
    return sendUpdate(work, prepared.pending, timing, (bytes) => {
      this.#host.onSend(bytes);
    });
  }
}
