import { describe, expect, it } from 'vitest';
import { lossWindow } from './loss-window.ts';

describe('lossWindow', () => {
  it('holds the sums where the ends of the masses are empty and a moment underflows', () => {
    // At t = 1024 and step 6 the ratio of two terms is e^−6144: only the empty end would be left.
    const losses = { step: 6, start: -1, masses: Float64Array.of(0, 0.5, 0.5, 0), infinityMass: 0 };
    const { first, last } = lossWindow([{ losses, count: 5 }], 1e-15);
    expect(first).toBeLessThanOrEqual(0); // five times the loss 0
    expect(last).toBeGreaterThanOrEqual(5); // five times the loss 1·step
  });

  it('narrows with the tail: 10,000 losses of ±1 lie within a few hundred', () => {
    const losses = { step: 1, start: -1, masses: Float64Array.of(0.5, 0, 0.5), infinityMass: 0 };
    const { first, last } = lossWindow([{ losses, count: 10_000 }], 1e-15);
    // Hoeffding: √(2·10⁴·ln(2/1e-15)) = 839
    expect(last).toBeGreaterThan(800);
    expect(last).toBeLessThan(1000);
    expect(first).toBe(-last);
  });
});
