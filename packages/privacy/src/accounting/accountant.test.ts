import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf, rdpAccountant } from './accountant.ts';
import { calibrateNoiseMultiplier } from './calibrate.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianDelta, exactGaussianEpsilon } from './exact-gaussian.ts';

const event = (samplingRate: number, noiseMultiplier: number, count = 1): PrivacyEvent => ({
  kind: 'gaussian',
  samplingRate,
  noiseMultiplier,
  count,
  round: 1,
});

describe('accountant', () => {
  it('meets the figure that two public accountants agree on at q .01, σ 1, 1000 steps, δ 1e-5', () => {
    // Opacus 1.5.4 says 2.10136527 (signed series), dp_accounting 0.6.0 2.10136653 (upper bound).
    expect(epsilonOf([event(0.01, 1, 1000)], 1e-5)).toBeCloseTo(2.10136653, 7);
  });

  it('costs nothing for no release', () => {
    expect(epsilonOf([], 1e-5)).toBe(0);
    expect(epsilonOf([event(0.1, 1, 0)], 1e-5)).toBe(0);
    expect(rdpAccountant().epsilon(1e-5)).toBe(0);
  });

  it('is infinite as soon as one release had no noise', () => {
    expect(epsilonOf([event(1, 4), event(1, 0)], 1e-5)).toBe(Infinity);
    expect(epsilonOf([event(0.1, 4), event(0.1, 0)], 1e-5)).toBe(Infinity);
  });

  it('composes unsubsampled Gaussians exactly: precisions 1/σ² add up', () => {
    // 3/9 + 4/16 = 7/12
    const composed = epsilonOf([event(1, 3, 3), event(1, 4, 4)], 1e-5);
    const single = exactGaussianEpsilon(Math.sqrt(12 / 7), 1, 1e-5);
    expect(Math.abs(composed / single - 1)).toBeLessThan(1e-12);
  });

  it('gives the same ε in any order of composition and for events split in two', () => {
    const forward = rdpAccountant();
    forward.compose([event(0.1, 1, 10), event(0.3, 2, 5)]);
    const backward = rdpAccountant();
    backward.compose([event(0.3, 2, 5)]);
    backward.compose([event(0.1, 1, 4)]);
    backward.compose([event(0.1, 1, 6)]);
    expect(Math.abs(forward.epsilon(1e-5) / backward.epsilon(1e-5) - 1)).toBeLessThan(1e-12);
  });

  it('grows with steps and rate, falls with δ and σ', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.8, noNaN: true }),
        fc.double({ min: 0.6, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (q, sigma, count) => {
          const epsilon = epsilonOf([event(q, sigma, count)], 1e-6);
          const slack = 1e-9 + 1e-9 * epsilon;
          expect(epsilonOf([event(q, sigma, count + 1)], 1e-6)).toBeGreaterThanOrEqual(
            epsilon - slack,
          );
          // Fractional orders carry the upper-bound form, up to 4 % above the true value, and the
          // excess is not monotone in the rate.
          expect(epsilonOf([event(q * 1.2, sigma, count)], 1e-6)).toBeGreaterThanOrEqual(
            0.96 * epsilon - slack,
          );
          expect(epsilonOf([event(q, sigma, count)], 1e-5)).toBeLessThanOrEqual(epsilon + slack);
          expect(epsilonOf([event(q, sigma * 1.2, count)], 1e-6)).toBeLessThanOrEqual(
            epsilon + slack,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('lies above the exact Gaussian when the rate is just below one', () => {
    const exact = epsilonOf([event(1, 3, 20)], 1e-5);
    const nearly = epsilonOf([event(1 - 1e-9, 3, 20)], 1e-5);
    expect(nearly).toBeGreaterThan(exact);
    expect(nearly).toBeLessThan(exact * 1.1); // the conversion's own slack
  });

  it('inverts: δ at the ε of δ is δ', () => {
    const accountant = rdpAccountant();
    accountant.compose([event(0.1, 1.5, 100)]);
    const back = accountant.delta(accountant.epsilon(1e-5));
    expect(Math.abs(Math.log(back / 1e-5))).toBeLessThan(1e-9);
  });

  it('refuses a count that is not a whole number and a δ out of range', () => {
    expect(() => epsilonOf([event(1, 1, 0.5)], 1e-5)).toThrow('count must be an integer');
    expect(() => epsilonOf([], 0)).toThrow('delta must be in (0, 1), got 0');
  });
});

describe('exact Gaussian', () => {
  it('meets numerical integration of the hockey-stick divergence', () => {
    for (const [sigma, epsilon] of [
      [1, 1],
      [4, 0.1],
      [0.5, 6],
    ] as const) {
      let sum = 0;
      const width = 1e-4;
      for (let x = -12 * sigma; x < 1 + 12 * sigma; x += width) {
        const p = Math.exp(-((x - 1) ** 2) / (2 * sigma * sigma));
        const q = Math.exp(-(x * x) / (2 * sigma * sigma));
        sum += Math.max(0, p - Math.exp(epsilon) * q) * width;
      }
      const reference = sum / (sigma * Math.sqrt(2 * Math.PI));
      expect(Math.abs(exactGaussianDelta(sigma, 1, epsilon) / reference - 1)).toBeLessThan(1e-6);
    }
  });

  it('needs the published one-shot multipliers for ε 1, 2, 4, 8 at δ 1e-5', () => {
    const published = [
      [1, 3.731],
      [2, 1.994],
      [4, 1.081],
      [8, 0.6],
    ] as const;
    for (const [epsilon, sigma] of published) {
      const target = { epsilon, delta: 1e-5, samplingRate: 1, steps: 1 };
      expect(Math.abs(calibrateNoiseMultiplier(target) - sigma)).toBeLessThan(6e-4);
    }
  });
});

describe('calibrateNoiseMultiplier', () => {
  it('spends the target and hardly less', () => {
    for (const [epsilon, samplingRate, steps] of [
      [8, 1, 20],
      [2, 0.1, 200],
      [0.5, 0.02, 50],
    ] as const) {
      const sigma = calibrateNoiseMultiplier({ epsilon, delta: 1e-5, samplingRate, steps });
      const spent = epsilonOf([event(samplingRate, sigma, steps)], 1e-5);
      expect(spent).toBeLessThanOrEqual(epsilon);
      expect(spent).toBeGreaterThan(epsilon * (1 - 1e-4));
    }
  });

  it('refuses a target that no multiplier reaches', () => {
    const target = { epsilon: 1e-9, delta: 1e-300, samplingRate: 1, steps: 1e9 };
    expect(() => calibrateNoiseMultiplier(target)).toThrow('no noiseMultiplier up to 1000000');
  });
});
