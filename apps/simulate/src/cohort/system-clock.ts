import type { Clock } from '@roundtable/participant';

/** The machine's own time. Waiting alone does not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
    return () => {
      clearTimeout(timer);
    };
  },
};
