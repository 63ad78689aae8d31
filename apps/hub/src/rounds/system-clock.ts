import type { HubClock } from '../hub-types.ts';

const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The machine's own time. */
export const systemClock: HubClock = {
  nowMs: () => Date.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), LONGEST_TIMEOUT_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};
