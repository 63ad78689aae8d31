import { setImmediate } from 'node:timers/promises';

/** Longest work without the thread's other tasks, such as other people's sockets. */
const LONGEST_TURN_MS = 50;

/** To be awaited within long work: lets the thread do what waits, unless it just did. */
export function threadTurn(): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    if (performance.now() - lastMs < LONGEST_TURN_MS) return;
    await setImmediate();
    lastMs = performance.now();
  };
}
