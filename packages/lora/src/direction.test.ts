import { describe, expect, it } from 'vitest';
import { direction, moveAlong } from './direction.ts';

const moments = (values: Float32Array): { mean: number; variance: number; fourth: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  const fourth = values.reduce((sum, value) => sum + value ** 4, 0) / values.length;
  return { mean, variance, fourth };
};

describe('a direction', () => {
  it('has mean 0 and variance 1, and as fourth moment 1 (±1) or 3 − 1/32 (binomial of 64 bits)', () => {
    const count = 200_000;
    for (const [kind, fourth] of [
      ['rademacher', 1],
      ['gaussian', 3 - 1 / 32],
    ] as const) {
      const measured = moments(direction('moments', count, kind));
      // Five standard errors: √(1/n), √((m4 − 1)/n), and √(96/n) as a bound for the fourth moment.
      expect(Math.abs(measured.mean)).toBeLessThan(5 * Math.sqrt(1 / count));
      expect(Math.abs(measured.variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count) + 1e-12);
      expect(Math.abs(measured.fourth - fourth)).toBeLessThan(5 * Math.sqrt(96 / count));
    }
  });

  it('is a function of its seed alone, and different seeds are uncorrelated', () => {
    const count = 100_000;
    const first = direction('a', count, 'gaussian');
    expect(direction('a', count, 'gaussian')).toEqual(first);
    const other = direction('b', count, 'gaussian');
    const product = first.reduce((sum, value, i) => sum + value * other[i]!, 0);
    expect(Math.abs(product) / count).toBeLessThan(5 / Math.sqrt(count));
  });

  it('has these first values for the seed "known": a change of them would break every log', () => {
    expect([...direction('known', 8, 'rademacher')]).toEqual([-1, 1, 1, -1, -1, 1, -1, -1]);
    expect([...direction('known', 8, 'gaussian')]).toEqual([
      -1.25, 1.25, 0, -1.75, -1.75, -2.75, -0.25, 1.25,
    ]);
  });
});

describe('moving along a direction', () => {
  it('rounds once per operation: 1 − fround(0.1)·1 in float32', () => {
    const values = Float32Array.of(1, 1);
    moveAlong(values, Float32Array.of(1, -1), 0.1);
    // fround(0.1) = 0.10000000149011612; 1 ∓ that, rounded to the nearest float32.
    expect([...values]).toEqual([
      Math.fround(1 - Math.fround(0.1)),
      Math.fround(1 + Math.fround(0.1)),
    ]);
  });

  it('refuses another length and a step that is not finite', () => {
    expect(() => {
      moveAlong(new Float32Array(2), new Float32Array(3), 1);
    }).toThrow('z must have 2 values');
    expect(() => {
      moveAlong(new Float32Array(2), new Float32Array(2), 1e39);
    }).toThrow('finite');
  });
});
