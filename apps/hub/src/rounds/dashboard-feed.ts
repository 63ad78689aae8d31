import type { DashboardEvent } from '@roundtable/protocol';
import type { HubClock } from '../hub-types.ts';

/** At most four events a second for each changed thing. */
const INTERVAL_MS = 250;

/** Gathers changes and tells dashboards the newest whole part, at once when idle, else at the next quarter second. */
export class DashboardFeed {
  readonly #clock: HubClock;
  readonly #listeners = new Set<(event: DashboardEvent) => void>();
  readonly #pending = new Map<string, () => DashboardEvent | null>();
  #nextFlushMs = 0;
  #cancelFlush: (() => void) | null = null;

  constructor(clock: HubClock) {
    this.#clock = clock;
  }

  subscribe(listener: (event: DashboardEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Something changed; `build` makes the event when it is sent, null where it is gone by then. */
  touch(key: string, build: () => DashboardEvent | null): void {
    this.#pending.set(key, build);
    if (this.#cancelFlush !== null) return;
    const delayMs = Math.max(0, this.#nextFlushMs - this.#clock.nowMs());
    this.#cancelFlush = this.#clock.schedule(delayMs, () => {
      this.#flush();
    });
  }

  close(): void {
    this.#cancelFlush?.();
    this.#listeners.clear();
  }

  #flush(): void {
    this.#cancelFlush = null;
    this.#nextFlushMs = this.#clock.nowMs() + INTERVAL_MS;
    const builders = [...this.#pending.values()];
    this.#pending.clear();
    for (const build of builders) {
      const event = build();
      if (event !== null) for (const listener of this.#listeners) listener(event);
    }
  }
}
