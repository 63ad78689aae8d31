import type { HubClock } from '../hub-types.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends HubClock {
  advance(byMs: number): void;
}

export function manualClock(startMs = 1_000): ManualClock {
  let nowMs = startMs;
  let waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    schedule: (delayMs, callback) => {
      const entry = { atMs: nowMs + delayMs, callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance: (byMs) => {
      nowMs += byMs;
      const due = waiting.filter(({ atMs }) => atMs <= nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > nowMs);
      for (const { callback } of due) callback();
    },
  };
}
