import type { ReleaseEvent } from '../accounting/event.ts';
import { ReleaseFailure } from './release-failure.ts';
import type { ReleasedIntegers } from './released-integers.ts';

export { isReleased, type Protection, type ReleasedIntegers } from './released-integers.ts';

/** The only way from a private sum to what may be seen. */
export interface ReleaseMechanism {
  /** What one release costs; null where nothing is protected. */
  readonly event: ReleaseEvent | null;
  /** The bound on one unit's contribution that this mechanism's noise is made for; null where there is none. */
  readonly clippingNorm: number | null;
  /** The norm that `clippingNorm` bounds: L2 where it is not said. */
  readonly norm?: 'l1' | 'l2' | undefined;
  /**
   * @param sum sum of vectors whose norms are each at most `clippingNorm`
   * @throws ReleaseFailure, and nothing is released, where a number is not finite, leaves the grid, or randomness fails
   */
  release(sum: Float32Array | Float64Array): ReleasedIntegers;
}

/** Throws, naming the first coordinate, unless all are finite. */
export function requireFinite(sum: Float32Array | Float64Array): void {
  const index = sum.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new ReleaseFailure('not-finite', `sum[${index}] must be finite, got ${sum[index]!}`);
  }
}
