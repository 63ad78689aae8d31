import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf, headlineEpsilon, rdpAccountant, runningEpsilonOf } from './accountant.ts';
import { calibrateNoiseMultiplier } from './calibrate.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianDelta, exactGaussianEpsilon } from './exact-gaussian.ts';
import { composeReleases } from './pld/compose-releases.ts';
import { QUICK_EFFORT } from './pld/loss-grid.ts';

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
    expect(runningEpsilonOf([event(0.01, 1, 1000)], 1e-5)).toBeCloseTo(2.10136653, 7);
  });

  it('shows less than Rényi orders where loss distributions prove less', () => {
    // dp_accounting 0.6.0, connect-the-dots at 1e-4: 6.187744976 at 10,000 steps.
    const epsilon = epsilonOf([event(0.01, 1, 10_000)], 1e-5);
    expect(Math.abs(epsilon / 6.187744976 - 1)).toBeLessThan(1e-4);
    expect(runningEpsilonOf([event(0.01, 1, 10_000)], 1e-5)).toBeGreaterThan(epsilon);
  });

  it('takes Laplace releases, whose pure ε add up', () => {
    const laplace = { ...event(1, 10, 3), kind: 'laplace' } as const;
    expect(epsilonOf([laplace], 1e-9)).toBeLessThanOrEqual(0.3 + 3e-4);
    expect(epsilonOf([laplace], 1e-9)).toBeGreaterThan(0.299);
    const both = epsilonOf([laplace, event(0.2, 2, 10)], 1e-6);
    expect(both).toBeLessThan(0.3 + 3e-4 + epsilonOf([event(0.2, 2, 10)], 1e-6));
  });

  it('takes sampled Laplace steps by their loss distribution, below Rényi orders, alone or with others', () => {
    const laplace = { ...event(0.1, 1.5, 100), kind: 'laplace' } as const;
    const composed = composeReleases([
      { kind: 'laplace', samplingRate: 0.1, noiseMultiplier: 1.5, count: 100 },
    ]);
    expect(epsilonOf([laplace], 1e-5)).toBe(composed.epsilon(1e-5));
    expect(epsilonOf([laplace], 1e-5)).toBeLessThan(0.95 * runningEpsilonOf([laplace], 1e-5));
    const both = [laplace, event(0.1, 1.5, 100)];
    const epsilon = epsilonOf(both, 1e-5);
    expect(epsilon).toBeLessThan(0.95 * runningEpsilonOf(both, 1e-5));
    expect(epsilon).toBeGreaterThan(epsilonOf([laplace], 1e-5));
    // Failures come off δ: 100 · 5e-8 leave half of it.
    const failing = { ...laplace, roundingFailure: 5e-8 };
    expect(epsilonOf([failing], 1e-5)).toBeCloseTo(composed.epsilon(5e-6), 9);
    expect(epsilonOf([{ ...laplace, samplerFailure: 1e-9 }], 1e-5)).toBe(Infinity);
  });

  it('goes by Rényi orders as soon as another kind takes part', () => {
    const discrete = { ...event(1, 8, 5), kind: 'discrete-gaussian' } as const;
    const skellam = {
      ...event(1, 8, 5),
      kind: 'skellam',
      l2Sensitivity: 1000,
      l1Sensitivity: 30_000,
    } as const;
    for (const other of [discrete, skellam]) {
      const events = [other, event(0.1, 2, 20)];
      expect(epsilonOf(events, 1e-5)).toBe(runningEpsilonOf(events, 1e-5));
      expect(epsilonOf(events, 1e-5)).toBeGreaterThan(epsilonOf([event(0.1, 2, 20)], 1e-5));
    }
    // ρ = 5/(2·8²), about the Gaussian's ε
    const exact = exactGaussianEpsilon(8, 5, 1e-5);
    expect(epsilonOf([discrete], 1e-5)).toBeGreaterThan(exact);
    expect(epsilonOf([discrete], 1e-5)).toBeLessThan(1.2 * exact);
  });

  it('takes failure probabilities off δ, and never gains by them', () => {
    const clean = event(0.1, 1.5, 100);
    const rounding = { ...clean, roundingFailure: 5e-8 };
    // 100 · 5e-8 = 5e-6
    expect(epsilonOf([rounding], 1e-5)).toBe(epsilonOf([clean], 1e-5 - 5e-6));
    const sampler = { ...clean, samplerFailure: 1e-14 };
    expect(epsilonOf([sampler], 1e-5)).toBeGreaterThan(epsilonOf([clean], 1e-5));
    expect(epsilonOf([{ ...clean, samplerFailure: 1e-11 }], 1e-5)).toBe(Infinity);
    expect(epsilonOf([{ ...clean, roundingFailure: 1e-7 }], 1e-5)).toBe(Infinity);
    const accountant = rdpAccountant();
    accountant.compose([rounding, sampler]);
    expect(accountant.epsilon(1e-5)).toBe(runningEpsilonOf([rounding, sampler], 1e-5));
    const back = accountant.delta(accountant.epsilon(1e-5));
    expect(Math.abs(back / 1e-5 - 1)).toBeLessThan(1e-6);
  });

  it('never shows more than Rényi orders, and nothing depends on order or on splitting', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.001, max: 1, noNaN: true }),
            fc.double({ min: 0.4, max: 20, noNaN: true }),
            fc.integer({ min: 1, max: 1000 }),
            fc.double({ min: 0, max: 1e-9, noNaN: true }),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        (kinds) => {
          const events = kinds.map(([q, sigma, count, roundingFailure]) => ({
            ...event(q, sigma, count),
            roundingFailure,
          }));
          const epsilon = headlineEpsilon(events, 1e-5, QUICK_EFFORT);
          expect(epsilon).toBeLessThanOrEqual(runningEpsilonOf(events, 1e-5) + 1e-9);
          const split = events.flatMap((one) => [
            { ...one, count: 1 },
            { ...one, count: one.count - 1 },
          ]);
          const other = headlineEpsilon(split.reverse(), 1e-5, QUICK_EFFORT);
          expect(Math.abs(other - epsilon)).toBeLessThanOrEqual(1e-9 * (1 + epsilon));
          const clean = events.map((one) => ({ ...one, roundingFailure: 0 }));
          expect(headlineEpsilon(clean, 1e-5, QUICK_EFFORT)).toBeLessThanOrEqual(epsilon);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('adds a thousand rounds of a hundred steps of twenty noise levels', () => {
    const rounds = Array.from({ length: 1000 }, (_, round) => ({
      ...event(0.01, 1 + 0.05 * (round % 20), 100),
      round,
    }));
    const epsilon = epsilonOf(rounds, 1e-5);
    // Between those of all rounds with the largest and with the smallest noise.
    expect(epsilon).toBeGreaterThan(epsilonOf([event(0.01, 1.95, 100_000)], 1e-5));
    expect(epsilon).toBeLessThan(epsilonOf([event(0.01, 1, 100_000)], 1e-5));
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
        fc.double({ min: 0.001, max: 0.8, noNaN: true }),
        fc.double({ min: 0.5, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (q, sigma, count) => {
          const headline = (events: PrivacyEvent, delta = 1e-6): number =>
            headlineEpsilon([events], delta, QUICK_EFFORT);
          const epsilon = headline(event(q, sigma, count));
          const slack = 1e-9 * (1 + epsilon);
          expect(headline(event(q, sigma, count + 1))).toBeGreaterThanOrEqual(epsilon - slack);
          expect(headline(event(q * 1.2, sigma, count))).toBeGreaterThanOrEqual(epsilon - slack);
          expect(headline(event(q, sigma, count), 1e-5)).toBeLessThanOrEqual(epsilon + slack);
          expect(headline(event(q, sigma * 1.2, count))).toBeLessThanOrEqual(epsilon + slack);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('meets the exact Gaussian when the rate is just below one', () => {
    const exact = epsilonOf([event(1, 3, 20)], 1e-5);
    const nearly = epsilonOf([event(1 - 1e-9, 3, 20)], 1e-5);
    expect(nearly).toBeGreaterThan(exact - 1e-6);
    expect(nearly).toBeLessThan(exact * 1.0001);
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
    expect(() => epsilonOf([{ ...event(1, 1), roundingFailure: -1 }], 0.1)).toThrow(
      'roundingFailure must be in [0, 1], got -1',
    );
    expect(() => epsilonOf([{ ...event(1, 1), samplerFailure: Number.NaN }], 0.1)).toThrow(
      'samplerFailure',
    );
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

  it('needs less noise than by Rényi orders, which it meets when asked', () => {
    const target = { epsilon: 2, delta: 1e-5, samplingRate: 0.1, steps: 200 };
    const sigma = calibrateNoiseMultiplier(target);
    const byRdp = calibrateNoiseMultiplier({ ...target, by: 'rdp' });
    expect(sigma).toBeLessThan(byRdp);
    const running = runningEpsilonOf([event(0.1, byRdp, 200)], 1e-5);
    expect(running).toBeLessThanOrEqual(2);
    expect(running).toBeGreaterThan(2 - 1e-5);
  });

  it('leaves room for failures, and refuses where they take all of δ', () => {
    const target = { epsilon: 2, delta: 1e-5, samplingRate: 0.1, steps: 200 };
    const failures = { roundingFailure: 2e-8, samplerFailure: 1e-12 };
    const sigma = calibrateNoiseMultiplier({ ...target, failures });
    expect(sigma).toBeGreaterThan(calibrateNoiseMultiplier(target));
    expect(epsilonOf([{ ...event(0.1, sigma, 200), ...failures }], 1e-5)).toBeLessThanOrEqual(2);
    expect(() =>
      calibrateNoiseMultiplier({ ...target, failures: { roundingFailure: 1e-7 } }),
    ).toThrow('no noiseMultiplier up to 1000000');
  });

  it('refuses a target that no multiplier reaches', () => {
    const target = { epsilon: 1e-9, delta: 1e-300, samplingRate: 1, steps: 1e9 };
    expect(() => calibrateNoiseMultiplier(target)).toThrow('no noiseMultiplier up to 1000000');
  });
});
