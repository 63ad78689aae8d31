import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketCost } from './bracket-cost.ts';

describe('bracketCost', () => {
  it('meets the target from below within its tolerance, from either side and in few tries', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.8, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        (power, target, start) => {
          let tries = 0;
          const cost = (x: number): number => {
            tries += 1;
            return x ** -power + 0.01 / x;
          };
          const x = bracketCost(cost, target, { start, tolerance: 1e-5 });
          const reached = x ** -power + 0.01 / x;
          expect(reached).toBeLessThanOrEqual(target);
          expect(reached).toBeGreaterThanOrEqual(target * (1 - 1e-5));
          expect(tries).toBeLessThan(40);
        },
      ),
    );
  });

  it('stays on the side of what is enough where the cost jumps', () => {
    const cost = (x: number): number => (x < 2 ? Infinity : 0.1);
    const x = bracketCost(cost, 1, { start: 3, tolerance: 1e-3 });
    expect(x).toBeGreaterThanOrEqual(2);
    expect(x).toBeLessThan(2 + 1e-6);
    const flat = (y: number): number => (y < 2 ? 5 : 0);
    expect(bracketCost(flat, 1, { start: 0.1, tolerance: 1e-3 })).toBeCloseTo(2, 6);
  });
});
