import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

// Hashing runs on another thread: a few turns of the event loop let it come back before time moves on.
const TURNS_BEFORE_TIME_MOVES = 20;
const MOST_TURNS = 200_000;

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs: number;
  #timers: { atMs: number; callback: () => void }[] = [];

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time without firing anything: as while a computation runs. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets everything run that does not wait for time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10 * TURNS_BEFORE_TIME_MOVES; turn += 1) await setImmediate();
  }

  /** Lets things run, moving time from timer to timer, until `isReached`. */
  async until(isReached: () => boolean): Promise<void> {
    for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
      if (isReached()) return;
      await setImmediate();
      if (turn % TURNS_BEFORE_TIME_MOVES === 0) this.#fireNext();
    }
    throw new Error(`not reached at ${this.#nowMs} ms: ${isReached.toString()}`);
  }

  #fireNext(): void {
    const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    this.#timers = this.#timers.filter((other) => other !== next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
  }
}
