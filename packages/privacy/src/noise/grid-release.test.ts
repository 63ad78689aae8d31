import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridRelease, MAX_GRID_INTEGER } from './grid-release.ts';
import { ReleaseFailure } from './release-failure.ts';

const step = 2 ** -16;

describe('gridRelease', () => {
  it('keeps every value to half a grid step, on the same grid for all data, and books nothing', () => {
    const mechanism = gridRelease(step);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -32_767, max: 32_767, noNaN: true }), { minLength: 1 }),
        (values) => {
          const released = mechanism.release(Float64Array.from(values));
          expect([released.gridStep, released.protection]).toEqual([step, 'none']);
          released.reals().forEach((value, i) => {
            expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(step / 2);
          });
        },
      ),
    );
    expect([mechanism.event, mechanism.clippingNorm]).toEqual([null, null]);
  });

  it('takes the largest integers and fails closed beyond them, and on NaN', () => {
    const mechanism = gridRelease(1);
    const extremes = Float64Array.of(MAX_GRID_INTEGER, -MAX_GRID_INTEGER);
    expect([...mechanism.release(extremes).values]).toEqual([...extremes]);
    for (const [value, kind] of [
      [2 ** 31, 'grid-overflow'],
      [-(2 ** 31), 'grid-overflow'],
      [1e300, 'grid-overflow'],
      [Number.NaN, 'not-finite'],
      [-Infinity, 'not-finite'],
    ] as const) {
      const run = () => mechanism.release(Float64Array.of(0, value));
      expect(run).toThrow(ReleaseFailure);
      expect(run).toThrow(expect.objectContaining({ kind }) as Error);
    }
  });

  it('refuses a step whose multiples would not be exact', () => {
    for (const bad of [0, -1, 0.3, 3, Number.NaN, Infinity, 2 ** -121]) {
      expect(() => gridRelease(bad)).toThrow('gridStep');
    }
  });
});
