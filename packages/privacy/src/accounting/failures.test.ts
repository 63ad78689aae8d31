import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianDelta, exactGaussianEpsilon } from './exact-gaussian.ts';
import { deltaWithFailures, epsilonWithFailures, failuresOf } from './failures.ts';

const gaussian = (delta: number): number => exactGaussianEpsilon(2, 1, delta);

describe('failure probabilities', () => {
  it('add up over releases, absent ones as 0', () => {
    const event = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 1, round: 1 } as const;
    const events: PrivacyEvent[] = [
      { ...event, count: 3, roundingFailure: 1e-12 },
      { ...event, count: 2, roundingFailure: 2e-12, samplerFailure: 1e-15 },
      { ...event, count: 7 },
    ];
    const { rounding, sampler } = failuresOf(events);
    expect(rounding).toBeCloseTo(7e-12, 20);
    expect(sampler).toBeCloseTo(2e-15, 22);
  });

  it('change nothing where there are none', () => {
    expect(epsilonWithFailures({ rounding: 0, sampler: 0 }, 1e-5, gaussian)).toBe(gaussian(1e-5));
  });

  it('take B off δ without a factor', () => {
    const epsilon = epsilonWithFailures({ rounding: 4e-6, sampler: 0 }, 1e-5, gaussian);
    expect(epsilon).toBe(gaussian(1e-5 - 4e-6));
  });

  it('leave, at the ε they give, exactly the δ that was asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9e-6, noNaN: true }),
        fc.double({ min: 0, max: 1e-12, noNaN: true }),
        (rounding, sampler) => {
          const failures = { rounding, sampler };
          const epsilon = epsilonWithFailures(failures, 1e-5, gaussian);
          const delta = deltaWithFailures(failures, epsilon, exactGaussianDelta(2, 1, epsilon));
          expect(delta).toBeLessThanOrEqual(1e-5 * (1 + 1e-9));
          expect(delta).toBeGreaterThan(1e-5 * (1 - 1e-6));
          expect(epsilon).toBeGreaterThanOrEqual(gaussian(1e-5));
        },
      ),
    );
  });

  it('make ε infinite where they take all of δ', () => {
    expect(epsilonWithFailures({ rounding: 1e-5, sampler: 0 }, 1e-5, gaussian)).toBe(Infinity);
    expect(epsilonWithFailures({ rounding: 0, sampler: 1e-5 }, 1e-5, gaussian)).toBe(Infinity);
  });

  it('make ε infinite where the sampler takes more than a thousandth of δ', () => {
    const ten = (): number => 10;
    // (1 + e^10)·S against 1e-8
    const limit = 1e-8 / (1 + Math.exp(10));
    expect(epsilonWithFailures({ rounding: 0, sampler: 0.99 * limit }, 1e-5, ten)).toBe(10);
    expect(epsilonWithFailures({ rounding: 0, sampler: 1.01 * limit }, 1e-5, ten)).toBe(Infinity);
  });

  it('are no match for an ε that is infinite or has no finite solution', () => {
    const failures = { rounding: 0, sampler: 1e-20 };
    expect(epsilonWithFailures(failures, 1e-5, () => Infinity)).toBe(Infinity);
    expect(epsilonWithFailures(failures, 1e-5, () => Number.NaN)).toBe(Infinity);
    expect(epsilonWithFailures(failures, 1e-5, () => 1e3)).toBe(Infinity);
  });
});
