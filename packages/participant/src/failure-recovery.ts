import { backoffMs } from './clock.ts';
import type { Clock, Sleeper } from './clock.ts';
import type { ParticipantActivity } from './participant-state.ts';

const FAILURES_BEFORE_GIVING_UP = 3;

export interface RecoveryHost {
  activity(): ParticipantActivity;
  /** The wait is over and nothing else happened to the failure meanwhile. */
  onRecovered(): void;
}

/** Offers the client again a while after each failed round, but not after too many in a row. */
export class FailureRecovery {
  readonly #clock: Clock;
  readonly #sleeper: Sleeper;
  readonly #host: RecoveryHost;
  #failures = 0;

  constructor(clock: Clock, sleeper: Sleeper, host: RecoveryHost) {
    this.#clock = clock;
    this.#sleeper = sleeper;
    this.#host = host;
  }

  /** A round went well, or the person wants another try. */
  reset(): void {
    this.#failures = 0;
  }

  /** Counts a failure: whether it was one too many. */
  isFinal(): boolean {
    this.#failures += 1;
    return this.#failures >= FAILURES_BEFORE_GIVING_UP;
  }

  /** Waits the longer, the more failures there were in a row. */
  async recover(): Promise<void> {
    const failure = this.#host.activity();
    const atMs = this.#clock.nowMs() + backoffMs(this.#failures + 2);
    while (this.#host.activity() === failure && this.#clock.nowMs() < atMs) {
      await this.#sleeper.sleep(atMs - this.#clock.nowMs());
    }
    if (this.#host.activity() === failure) this.#host.onRecovered();
  }
}
