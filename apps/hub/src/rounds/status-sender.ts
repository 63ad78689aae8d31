import type { RoundStatus } from '@roundtable/federated';
import type { HubClock } from '../hub-types.ts';

const INTERVAL_MS = 250;

/**
 * Tells joined clients where their federation stands: a new phase at once, a mere change of how many are there at
 * most four times a second, or a thousand arrivals would cost a million messages.
 */
export class StatusSender {
  readonly #clock: HubClock;
  readonly #emit: (status: RoundStatus) => void;
  #sent: RoundStatus | null = null;
  #waiting: RoundStatus | null = null;
  #nextMs = 0;
  #cancel: (() => void) | null = null;

  constructor(clock: HubClock, emit: (status: RoundStatus) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  send(status: RoundStatus): void {
    const isNews =
      status.phase !== this.#sent?.phase || status.completedRounds !== this.#sent.completedRounds;
    const waitMs = this.#nextMs - this.#clock.nowMs();
    if (isNews || waitMs <= 0) {
      this.#emitNow(status);
      return;
    }
    this.#waiting = status;
    this.#cancel ??= this.#clock.schedule(waitMs, () => {
      if (this.#waiting !== null) this.#emitNow(this.#waiting);
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#waiting = null;
  }

  #emitNow(status: RoundStatus): void {
    this.close();
    this.#sent = status;
    this.#nextMs = this.#clock.nowMs() + INTERVAL_MS;
    this.#emit(status);
  }
}
