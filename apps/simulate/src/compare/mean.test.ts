import { describe, expect, it } from 'vitest';
import { meanAndHalfWidth } from './mean.ts';

describe('mean and half-width of a 95 % interval', () => {
  it('has no width for a single seed', () => {
    expect(meanAndHalfWidth([0.7])).toEqual({ mean: 0.7, halfWidth: null });
  });

  it('is that of Student’s t', () => {
    // Standard deviation 1, standard error 1/√3, t with 2 degrees of freedom 4.303.
    const { mean, halfWidth } = meanAndHalfWidth([1, 2, 3]);
    expect(mean).toBe(2);
    expect(halfWidth).toBeCloseTo(4.303 / Math.sqrt(3), 12);
    expect(meanAndHalfWidth([5, 5, 5, 5])).toEqual({ mean: 5, halfWidth: 0 });
  });
});
