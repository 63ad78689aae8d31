import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '@roundtable/random';
import {
  ALPHA,
  CELLS,
  CHI_SQUARE_31,
  lagCorrelation,
  mean,
  meanSquare,
  normalDistribution,
  normalQuantile,
  ONE_SIDED,
  TWO_SIDED,
} from './statistics.ts';

/** Upper tail of χ² with an odd number of degrees of freedom, by its recurrence over them. */
function chiSquareTail(x: number, degrees: number): number {
  let term = Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2);
  let tail = 2 * (1 - normalDistribution(Math.sqrt(x)));
  for (let k = 3; k <= degrees; k += 2) {
    tail += term;
    term *= x / k;
  }
  return tail;
}

describe('statistics of the audit', () => {
  it('have the normal distribution of the tables', () => {
    // Abramowitz and Stegun, table 26.1.
    expect(normalDistribution(1)).toBeCloseTo(0.841344746068543, 12);
    expect(normalDistribution(-2)).toBeCloseTo(0.022750131948179, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 9);
  });

  it('have critical values that an honest build passes but for one time in a million', () => {
    expect((1 - normalDistribution(ONE_SIDED)) / ALPHA).toBeCloseTo(1, 3);
    expect((2 * (1 - normalDistribution(TWO_SIDED))) / ALPHA).toBeCloseTo(1, 3);
    expect(chiSquareTail(CHI_SQUARE_31, CELLS - 1) / ALPHA).toBeCloseTo(1, 3);
  });

  it('see the correlation that was put in', () => {
    const random = seededRandom('correlation');
    const fresh = Float64Array.from({ length: 40_000 }, () => gaussian(random));
    // x[i] + x[i−1] shares one of its two parts with its neighbor: correlation 1/2.
    const smoothed = fresh.map((value, i) => value + (fresh[i - 1] ?? 0));
    const { correlation, pairs } = lagCorrelation(smoothed, 1);
    expect(pairs).toBe(39_999);
    expect(Math.abs(correlation - 0.5)).toBeLessThan(5 / Math.sqrt(pairs));
    expect(Math.abs(lagCorrelation(fresh, 1).correlation)).toBeLessThan(5 / Math.sqrt(pairs));
    expect(lagCorrelation(fresh, 1, (i) => i % 4 !== 3).pairs).toBe(30_000);
  });

  it('take means and mean squares', () => {
    expect([mean(Float64Array.of(1, 3)), meanSquare(Float64Array.of(1, 3))]).toEqual([2, 5]);
  });
});
