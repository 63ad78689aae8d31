import { describe, expect, it } from 'vitest';
import { Throttle } from './throttle.ts';

describe('Throttle.turn', () => {
  it('lets waiting tasks run once 50 ms of work have passed, and not before', async () => {
    let nowMs = 0;
    const throttle = new Throttle(() => nowMs);
    let ran = 0;
    setTimeout(() => (ran += 1), 0);
    nowMs = 49;
    await throttle.turn();
    expect(ran).toBe(0);
    nowMs = 50;
    await throttle.turn();
    expect(ran).toBe(1);
  });
});
