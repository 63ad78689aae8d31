import type { HubClock } from '../hub-types.ts';

const FLUSH_MS = 1_000;

/**
 * Gathers totals and writes them once a second in one transaction: a flood of bad requests must not become a flood
 * of disk writes. A crash loses at most the last second of them.
 */
export class WriteBehind {
  readonly #clock: HubClock;
  readonly #writes = new Map<string, () => void>();
  readonly #transaction: (work: () => void) => void;
  #cancel: (() => void) | null = null;

  constructor(clock: HubClock, transaction: (work: () => void) => void) {
    this.#clock = clock;
    this.#transaction = transaction;
  }

  /** Runs `write` at the next flush; a later call with the same key takes its place. */
  later(key: string, write: () => void): void {
    this.#writes.set(key, write);
    this.#cancel ??= this.#clock.schedule(FLUSH_MS, () => {
      this.flush();
    });
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const writes = [...this.#writes.values()];
    this.#writes.clear();
    if (writes.length === 0) return;
    this.#transaction(() => {
      for (const write of writes) write();
    });
  }
}
