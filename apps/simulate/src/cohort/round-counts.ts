import type { Clock } from '@roundtable/participant';
import type { Evaluation } from '@roundtable/training';

/** What a completed round was like. Byte counts are those of update frames and adapter files. */
export interface CompletedRound {
  readonly round: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly seconds: number;
  readonly evalLoss: number;
  /** A fraction. */
  readonly evalAccuracy: number;
  /** Largest ε over the clients after this round; null without differential privacy. */
  readonly epsilon: number | null;
}

/** Counts what happens in the round that is open. */
export class RoundCounts {
  readonly #clock: Clock;
  #round = 0;
  #startedAtMs = 0;
  #accepted = 0;
  #rejected = 0;
  #bytesUp = 0;
  #bytesDown = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(round: number): void {
    if (round === this.#round) return;
    this.#round = round;
    this.#startedAtMs = this.#clock.nowMs();
    this.#accepted = this.#rejected = this.#bytesUp = this.#bytesDown = 0;
  }

  accepted(): void {
    this.#accepted += 1;
  }

  rejected(): void {
    this.#rejected += 1;
  }

  up(bytes: number): void {
    this.#bytesUp += bytes;
  }

  down(bytes: number): void {
    this.#bytesDown += bytes;
  }

  end({ loss, accuracy }: Evaluation, epsilon: number | null): CompletedRound {
    return {
      round: this.#round,
      accepted: this.#accepted,
      rejected: this.#rejected,
      bytesUp: this.#bytesUp,
      bytesDown: this.#bytesDown,
      seconds: Number(((this.#clock.nowMs() - this.#startedAtMs) / 1_000).toFixed(3)),
      evalLoss: loss,
      evalAccuracy: accuracy,
      epsilon,
    };
  }
}
