import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clippedSum, clipRow } from './clip-rows.ts';

const l1 = (row: Float64Array): number => row.reduce((sum, value) => sum + Math.abs(value), 0);
const l2 = (row: Float64Array): number => Math.hypot(...row);
const rows = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
  minLength: 1,
  maxLength: 600,
});

describe('clipping of an example’s differences', () => {
  it('leaves one vector of at most the bound in its norm, whatever K is', () => {
    fc.assert(
      fc.property(rows, fc.double({ noNaN: true, min: 1e-6, max: 1e3 }), (values, bound) => {
        const row = Float64Array.from(values);
        // Room for the test's own sum.
        expect(l2(clipRow(row, { norm: 'l2', bound }))).toBeLessThanOrEqual(bound * (1 + 1e-12));
        expect(l1(clipRow(row, { norm: 'l1', bound }))).toBeLessThanOrEqual(bound * (1 + 1e-12));
      }),
    );
  });

  it('scales the whole vector and nothing inside the bound', () => {
    // ‖(3, −4)‖₂ = 5 and ‖(3, −4)‖₁ = 7
    const row = Float64Array.of(3, -4);
    expect(clipRow(row, { norm: 'l2', bound: 5 })).toEqual(row);
    expect(clipRow(row, { norm: 'l1', bound: 7 })).toEqual(row);
    const half = clipRow(row, { norm: 'l2', bound: 2.5 });
    expect(half[0]).toBeCloseTo(1.5, 12);
    expect(half[1]).toBeCloseTo(-2, 12);
    const seventh = clipRow(row, { norm: 'l1', bound: 1 });
    expect(seventh[0]).toBeCloseTo(3 / 7, 12);
    expect(seventh[1]).toBeCloseTo(-4 / 7, 12);
  });

  it('adds up clipped vectors, and zeros for no example', () => {
    const examples = [Float64Array.of(3, -4), Float64Array.of(0.3, 0.4)];
    // (3, −4)/5 + (0.3, 0.4)
    const sum = clippedSum(examples, 2, { norm: 'l2', bound: 1 });
    expect(sum[0]).toBeCloseTo(0.9, 12);
    expect(sum[1]).toBeCloseTo(-0.4, 12);
    expect(clippedSum(examples, 2, null)).toEqual(Float64Array.of(3.3, -3.6));
    expect(clippedSum([], 3, { norm: 'l1', bound: 1 })).toEqual(new Float64Array(3));
  });
});
