import { seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { BatchOverflow, poissonCapacity, poissonSample } from './poisson-sample.ts';

/** P[Binomial(n, q) > cap], summed term by term. */
function overflowProbability(n: number, q: number, cap: number): number {
  let term = (1 - q) ** n;
  let below = term;
  for (let k = 1; k <= cap; k += 1) {
    term *= ((n - k + 1) / k) * (q / (1 - q));
    below += term;
  }
  let above = 0;
  for (let k = cap + 1; k <= n; k += 1) {
    term *= ((n - k + 1) / k) * (q / (1 - q));
    above += term;
  }
  expect(Math.abs(below + above - 1)).toBeLessThan(1e-9);
  return above;
}

describe('poissonSample', () => {
  it('takes everything at rate 1, without a coin', () => {
    expect(poissonSample(seededRandom('x'), 4, 1, 4)).toEqual([0, 1, 2, 3]);
  });

  it('lets each example join at the rate, independently of the others', () => {
    const random = seededRandom('poisson');
    const draws = 20_000;
    const counts = new Array<number>(5).fill(0);
    let both = 0;
    for (let i = 0; i < draws; i += 1) {
      const drawn = poissonSample(random, 5, 0.3, 5);
      for (const index of drawn) counts[index]! += 1;
      if (drawn.includes(0) && drawn.includes(1)) both += 1;
    }
    const fiveErrors = (p: number): number => 5 * Math.sqrt((p * (1 - p)) / draws);
    for (const count of counts) expect(Math.abs(count / draws - 0.3)).toBeLessThan(fiveErrors(0.3));
    expect(Math.abs(both / draws - 0.09)).toBeLessThan(fiveErrors(0.09));
  });

  it('can draw an empty batch', () => {
    expect(poissonSample(seededRandom('x'), 0, 0.5, 4)).toEqual([]);
  });

  it('fails rather than cut a batch that exceeds the cap', () => {
    expect(() => poissonSample(seededRandom('x'), 5, 1, 4)).toThrow(BatchOverflow);
  });

  it('refuses a rate of zero and a cap of zero by name', () => {
    expect(() => poissonSample(seededRandom('x'), 5, 0, 4)).toThrow('samplingRate');
    expect(() => poissonSample(seededRandom('x'), 5, 0.5, 0)).toThrow('cap');
  });
});

describe('poissonCapacity', () => {
  it('is the cap itself when all data is taken', () => {
    expect(poissonCapacity(1, 300)).toBe(300);
  });

  it('keeps the overflow probability below 1e-12, and one in a thousand more data would be near it', () => {
    for (const [q, cap] of [
      [0.1, 64],
      [0.5, 100],
      [0.02, 30],
    ] as const) {
      const n = poissonCapacity(q, cap);
      expect(overflowProbability(n, q, cap)).toBeLessThan(1e-12);
      expect(n).toBeGreaterThan(cap);
    }
  });
});
