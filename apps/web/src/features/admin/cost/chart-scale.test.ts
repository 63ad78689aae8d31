import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costTicks, dodge, linearTicks } from './chart-scale.ts';

const amount = fc.double({ min: 1e-3, max: 1e9, noNaN: true });

describe('ticks', () => {
  it('enclose what they scale, rising, few enough to be read', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = linearTicks(low, high);
        const slack = 1e-5 * high;
        expect(ticks[0]!).toBeLessThanOrEqual(low + slack);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high - slack);
        expect(ticks).toEqual([...ticks].sort((x, y) => x - y));
        expect(ticks.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it('are round numbers', () => {
    expect(linearTicks(0.13, 0.58)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  });

  it('are powers of ten for bytes and start at zero for seconds', () => {
    expect(costTicks([1_100, 70_000], 'bytes')).toEqual([1_000, 10_000, 100_000]);
    expect(costTicks([0.8, 2.2], 'seconds')[0]).toBe(0);
  });
});

describe('dodge', () => {
  it('moves only what would cover something drawn before it', () => {
    const at = (x: number, y: number) => ({ x, y });
    expect(dodge([at(10, 50), at(10, 60), at(80, 50), at(10, 55), at(10, 300)])).toEqual([
      0, 14, 0, -14, 0,
    ]);
  });
});
