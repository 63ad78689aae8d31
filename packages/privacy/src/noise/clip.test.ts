import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipFactors, clipVector } from './clip.ts';

describe('clipFactors', () => {
  it('shortens only what is longer than C', () => {
    // 4 → 1/2, 2 → untouched, 0 → untouched
    expect([...clipFactors(Float32Array.of(4, 2, 0), 2)]).toEqual([0.5, 1, 1]);
  });

  it('brings every norm to at most C but for float32 rounding', () => {
    fc.assert(
      fc.property(
        fc.float({ min: 0, max: Math.fround(1e20), noNaN: true }),
        fc.float({ min: Math.fround(1e-3), max: Math.fround(1e3), noNaN: true }),
        (norm, clippingNorm) => {
          const factor = clipFactors(Float32Array.of(norm), clippingNorm)[0]!;
          expect(factor * norm).toBeLessThanOrEqual(clippingNorm * (1 + 1e-6));
        },
      ),
    );
  });

  it('refuses NaN and infinite norms by position', () => {
    expect(() => clipFactors(Float32Array.of(1, Number.NaN), 1)).toThrow('norms[1]');
    expect(() => clipFactors(Float32Array.of(Infinity), 1)).toThrow('norms[0]');
  });

  it('refuses a clipping norm of zero', () => {
    expect(() => clipFactors(Float32Array.of(1), 0)).toThrow('clippingNorm');
  });
});

describe('clipVector', () => {
  it('shortens only what is longer than C, and keeps the direction', () => {
    expect([...clipVector(Float32Array.of(3, -4), 2.5)]).toEqual([1.5, -2]);
    expect([...clipVector(Float32Array.of(3, -4), 5)]).toEqual([3, -4]);
    expect([...clipVector(new Float32Array(2), 1)]).toEqual([0, 0]);
  });

  it('refuses what has no finite norm', () => {
    expect(() => clipVector(Float32Array.of(1, Number.NaN), 1)).toThrow('norm');
    expect(() => clipVector(Float64Array.of(1e200, 1e200), 1)).toThrow('norm');
  });
});
