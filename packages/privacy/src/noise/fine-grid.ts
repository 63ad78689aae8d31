import { ReleaseFailure } from './release-failure.ts';
import { makeReleased, type Protection, type ReleasedIntegers } from './released-integers.ts';
import { requireFinite } from './release.ts';

// An Int32 holds ±2^30 with room, and a float32's 24 bits of all but the smallest values.
const FINE_BITS = 30;
const MAX_EXPONENT = 1_000;

/** The smallest power of two above `magnitude`. */
function powerAbove(magnitude: number): number {
  let exponent = Math.floor(Math.log2(magnitude)) - 1;
  while (2 ** exponent <= magnitude) exponent += 1;
  return 2 ** exponent;
}

/**
 * Numbers as integers on a grid of about 2^-30 of the largest magnitude. The grid depends on the values, so that this is
 * only for what is public already or protected by nothing.
 */
export function onFineGrid(
  values: Float32Array | Float64Array,
  protection: Protection,
): ReleasedIntegers {
  requireFinite(values);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest > 2 ** MAX_EXPONENT) {
    throw new ReleaseFailure('grid-overflow', `values must be below 2^${MAX_EXPONENT}`);
  }
  const gridStep = largest < 2 ** -MAX_EXPONENT ? 1 : powerAbove(largest) / 2 ** FINE_BITS;
  const integers = Int32Array.from(values, (value) => Math.round(value / gridStep));
  return makeReleased(integers, gridStep, protection);
}
