import type { Clock } from '@roundtable/participant';

/** This device's time since 1970 in milliseconds; it never jumps back, whatever happens to the wall clock. */
export const clock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
