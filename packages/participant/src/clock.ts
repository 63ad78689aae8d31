/** Time and waiting, handed in so that tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds on any scale that only grows. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function takes that back. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** Waits that can be cut short together. */
export class Sleeper {
  readonly #clock: Clock;
  readonly #wakers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `delayMs`, or at the next `wakeAll`. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#wakers.delete(wake);
        resolve();
      };
      const cancel = this.#clock.schedule(delayMs, wake);
      this.#wakers.add(wake);
    });
  }

  wakeAll(): void {
    for (const wake of [...this.#wakers]) wake();
  }
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Wait before the next try after `failures` ≥ 1 in a row: 1 s, 2 s, 4 s … 30 s, never less than the hub asks for. */
export function backoffMs(failures: number, askedMs = 0): number {
  const own = FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10);
  return Math.max(askedMs, Math.min(LONGEST_WAIT_MS, own));
}
