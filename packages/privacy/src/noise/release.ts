import type { ReleaseEvent } from '../accounting/event.ts';

/**
 * The only way from a private sum to a public vector. An integer mechanism may replace the float one behind it: it gets
 * the clipped sum of a step and gives back what may be seen.
 */
export interface ReleaseMechanism {
  /** What one release costs; null where nothing is protected. */
  readonly event: ReleaseEvent | null;
  /** The bound on one example's contribution that this mechanism's noise is made for; null where there is none. */
  readonly clippingNorm: number | null;
  /**
   * @param sum sum of vectors whose L2 norms are each at most `clippingNorm`
   * @throws if a coordinate is not finite
   */
  release(sum: Float32Array): Float32Array;
}

/** Throws, naming the first coordinate, unless all are finite. */
export function requireFinite(sum: Float32Array): void {
  const index = sum.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new RangeError(`sum[${index}] must be finite, got ${sum[index]!}`);
}

/** Hands the sum on without noise: only for federations whose settings say that nothing is protected. */
export function identityRelease(): ReleaseMechanism {
  return {
    event: null,
    clippingNorm: null,
    release: (sum) => {
      requireFinite(sum);
      return sum.slice();
    },
  };
}
