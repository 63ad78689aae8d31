import { requireRange } from '../arguments.ts';
import { ReleaseFailure } from './release-failure.ts';
import { makeReleased } from './released-integers.ts';
import { requireFinite, type ReleaseMechanism } from './release.ts';

/** Largest magnitude of an integer on a fixed grid: four bytes in two's complement hold it. */
export const MAX_GRID_INTEGER = 2 ** 31 - 1;

/**
 * Hands the sum on without noise, rounded to the nearest multiple of a public grid step, so that sums of several
 * releases are exact: only for federations whose settings say that nothing is protected.
 * @param gridStep γ, a power of two
 */
export function gridRelease(gridStep: number): ReleaseMechanism {
  const isStep = gridStep >= 2 ** -120 && gridStep <= 2 ** 120 && isPowerOfTwo(gridStep);
  requireRange('gridStep', gridStep, isStep, 'a power of two in 2^-120 … 2^120');
  return {
    event: null,
    clippingNorm: null,
    release: (sum) => {
      requireFinite(sum);
      const rounded = Float64Array.from(sum, (value) => Math.round(value / gridStep));
      const index = rounded.findIndex((value) => Math.abs(value) > MAX_GRID_INTEGER);
      if (index >= 0) {
        const bound = MAX_GRID_INTEGER * gridStep;
        throw new ReleaseFailure('grid-overflow', `|sum[${index}]| must be at most ${bound}`);
      }
      return makeReleased(Int32Array.from(rounded), gridStep, 'none');
    },
  };
}

/** Whether halving or doubling leads to 1, which is exact in double precision. */
function isPowerOfTwo(value: number): boolean {
  let scaled = value;
  while (scaled < 1) scaled *= 2;
  while (scaled > 1) scaled /= 2;
  return scaled === 1;
}
