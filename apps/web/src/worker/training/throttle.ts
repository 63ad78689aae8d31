import type { PowerLevel } from '../messages.ts';

/** Rest after a step as a multiple of the step's time. */
const restShare: Record<PowerLevel, number> = { light: 3, medium: 0.5, full: 0 };
const longestRestMs = 20_000;

/** Milliseconds to rest after a step of `stepMs`. */
export function restMs(power: PowerLevel, stepMs: number): number {
  return Math.min(longestRestMs, restShare[power] * Math.max(0, stepMs));
}

/** Rests between training steps, as long as the person's choice says; a halt ends a rest early. */
export class Throttle {
  #power: PowerLevel = 'medium';
  #lastMs: number;
  readonly #now: () => number;
  #wake: (() => void) | null = null;

  constructor(now: () => number) {
    this.#now = now;
    this.#lastMs = now();
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

  /** Ends a rest that is going on. */
  wake(): void {
    this.#wake?.();
  }
}
