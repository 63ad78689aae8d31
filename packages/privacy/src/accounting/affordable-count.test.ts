import { describe, expect, it } from 'vitest';
import { epsilonOf } from './accountant.ts';
import { affordableCount } from './affordable-count.ts';
import type { PrivacyEvent } from './event.ts';
import { exactGaussianEpsilon } from './exact-gaussian.ts';

const event = (samplingRate: number, noiseMultiplier: number, count: number): PrivacyEvent => ({
  kind: 'gaussian',
  samplingRate,
  noiseMultiplier,
  count,
  round: 1,
});

describe('affordableCount', () => {
  it('is the last count within ε', () => {
    for (const [next, epsilon, booked] of [
      [event(0.02, 1, 10), 2, []],
      [event(0.1, 2, 3), 2, [event(0.1, 2, 40)]],
      [event(1, 10, 2), 3, []],
    ] as const) {
      const count = affordableCount(next, epsilon, 1e-5, booked);
      const after = (n: number): number =>
        epsilonOf([...booked, { ...next, count: next.count * n }], 1e-5);
      expect(count).toBeGreaterThan(0);
      expect(after(count)).toBeLessThanOrEqual(epsilon);
      expect(after(count + 1)).toBeGreaterThan(epsilon);
    }
  });

  it('meets the exact Gaussian: eight of its releases cost ε, nine cost more', () => {
    const epsilon = exactGaussianEpsilon(5, 8, 1e-5) * (1 + 1e-12);
    expect(affordableCount(event(1, 5, 1), epsilon, 1e-5)).toBe(8);
  });

  it('is none where the first passes ε, and bounded where nothing is spent', () => {
    expect(affordableCount(event(0.5, 0.5, 1), 0.1, 1e-5)).toBe(0);
    expect(affordableCount(event(0.5, 0.5, 1), 5, 1e-5, [event(1, 0, 1)])).toBe(0);
    expect(affordableCount(event(0, 1, 1), 1, 1e-5)).toBe(2 ** 20);
  });
});
