import { setImmediate } from 'node:timers/promises';
import { sha256 } from '@roundtable/protocol';
import { createSigner, verifySignature } from '@roundtable/receipts';
import type { Clock } from '../clock.ts';

// More than the longest chain of hashes and signatures between two waits: a round has about twenty.
const ROUNDS_TO_SETTLE = 40;
const MOST_ROUNDS = 20_000;

const signer = await createSigner();
const probe = new Uint8Array(1);
const signature = await signer.sign(probe);

// Hashes and signatures are made on a few other threads, in order: once those of our own are back on each of them, so
// are those begun before.
async function letThingsRun(): Promise<void> {
  const probes = Array.from({ length: 4 }, () => [
    sha256(probe),
    verifySignature(signer.publicKey, probe, signature),
  ]);
  await Promise.all(probes.flat());
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

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
    for (let round = 0; round < ROUNDS_TO_SETTLE; round += 1) await letThingsRun();
  }

  /** Lets things run, moving time from timer to timer, until `isReached`. */
  async until(isReached: () => boolean): Promise<void> {
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      if (isReached()) return;
      await letThingsRun();
      if (round % ROUNDS_TO_SETTLE === 0 && !isReached()) this.#fireNext();
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
