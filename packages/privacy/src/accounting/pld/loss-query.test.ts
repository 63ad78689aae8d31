import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaOfLosses, epsilonOfLosses } from './loss-query.ts';

const coins = { step: 0.5, start: -1, masses: Float64Array.of(0.3, 0.2, 0.4), infinityMass: 0.1 };

describe('queries of a loss distribution', () => {
  it('give δ as the sum over larger losses', () => {
    // losses −0.5, 0, 0.5: at ε = 0 only the last counts, (1 − e^−0.5)·0.4 + 0.1
    expect(deltaOfLosses(coins, 0)).toBeCloseTo(0.1 + 0.4 * (1 - Math.exp(-0.5)), 15);
    expect(deltaOfLosses(coins, 0.5)).toBe(0.1);
    expect(deltaOfLosses(coins, -0.25)).toBeCloseTo(
      0.1 + 0.4 * (1 - Math.exp(-0.75)) + 0.2 * (1 - Math.exp(-0.25)),
      15,
    );
  });

  it('give ε as the inverse, 0 where δ covers all and +inf where the infinity mass is larger', () => {
    const epsilon = epsilonOfLosses(coins, 0.2);
    // 0.1 + 0.4·(1 − e^(ε − 0.5)) = 0.2
    expect(epsilon).toBeCloseTo(0.5 + Math.log(0.75), 14);
    expect(epsilonOfLosses(coins, 0.3)).toBe(0);
    expect(epsilonOfLosses(coins, 0.09)).toBe(Infinity);
  });

  it('find ε below the grid where every loss is positive', () => {
    const high = { step: 0.5, start: 2, masses: Float64Array.of(1), infinityMass: 0 };
    // 1 − e^(ε − 1) = 0.5
    expect(epsilonOfLosses(high, 0.5)).toBeCloseTo(1 + Math.log(0.5), 14);
    expect(epsilonOfLosses(high, 0.9)).toBe(0);
  });

  it('agree with each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -20, max: 5 }),
        fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
        (weights, start, delta) => {
          const sum = weights.reduce((a, b) => a + b, 1e-9);
          const masses = Float64Array.from(weights, (weight) => weight / sum);
          const losses = { step: 0.1, start, masses, infinityMass: 0 };
          const epsilon = epsilonOfLosses(losses, delta);
          expect(deltaOfLosses(losses, epsilon)).toBeLessThan(delta + 1e-12);
          if (epsilon > 0) expect(deltaOfLosses(losses, epsilon)).toBeGreaterThan(delta - 1e-12);
        },
      ),
    );
  });

  it('fail closed on numbers that are none', () => {
    const broken = { ...coins, masses: Float64Array.of(0.1, Number.NaN, 0.4) };
    expect(epsilonOfLosses({ ...broken, start: 0 }, 0.4)).toBe(Infinity);
    expect(deltaOfLosses({ ...broken, start: 0 }, 0)).toBe(1);
  });
});
