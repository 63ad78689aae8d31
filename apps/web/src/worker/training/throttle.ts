import type { PowerLevel } from '../messages.ts';

/** Rest after a step as a multiple of the step's time. */
const restShare: Record<PowerLevel, number> = { light: 3, medium: 0.5, full: 0 };
const longestRestMs = 20_000;
/** Longest work without the thread's other tasks, such as the socket's. */
const longestTurnMs = 50;

/** Milliseconds to rest after a step of `stepMs`. */
export function restMs(power: PowerLevel, stepMs: number): number {
  return Math.min(longestRestMs, restShare[power] * Math.max(0, stepMs));
}

/** Rests between training steps, as long as the person's choice says; a halt ends a rest early. */
export class Throttle {
  #power: PowerLevel = 'medium';
  #lastMs: number;
  #turnMs: number;
  readonly #now: () => number;
  #wake: (() => void) | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastMs = now();
    this.#turnMs = this.#lastMs;
  }

  set(power: PowerLevel): void {
    this.#power = power;
    this.wake();
  }

  /** Marks the start of a round's first step. */
  begin(): void {
    this.#lastMs = this.#now();
  }

  async rest(): Promise<void> {
    const delayMs = restMs(this.#power, this.#now() - this.#lastMs);
    if (delayMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delayMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    this.#lastMs = this.#now();
  }

  /** Within a step: lets the thread do what waits, unless it just did. */
  async turn(): Promise<void> {
    if (this.#now() - this.#turnMs < longestTurnMs) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#turnMs = this.#now();
  }

  /** Ends a rest that is going on. */
  wake(): void {
    this.#wake?.();
  }
}
