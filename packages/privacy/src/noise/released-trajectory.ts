import { requireRange } from '../arguments.ts';
import { onFineGrid } from './fine-grid.ts';
import { ReleaseFailure } from './release-failure.ts';
import { isReleased, type ReleasedIntegers } from './released-integers.ts';

/** A public rule that moves weights by a released gradient and depends on nothing else but its own past. */
export interface PublicOptimizer {
  apply(weights: Float32Array, gradient: Float32Array, learningRate: number): void;
}

export interface TrajectorySettings {
  readonly start: Float32Array;
  readonly optimizer: PublicOptimizer;
  /** Public constant b > 0 that divides every released sum. */
  readonly divisor: number;
}

/** Weights that only releases move: whatever comes of them is post-processing. */
export interface ReleasedTrajectory {
  /** @throws ReleaseFailure 'not-finite', weights unchanged, where the optimizer leaves the numbers */
  take(release: ReleasedIntegers, learningRate: number): void;
  /** A copy of the weights. */
  weights(): Float32Array;
  /** Weights now − weights at the start; protected only if every release was. */
  update(): ReleasedIntegers;
}

/** The only way from releases to an update. */
export function releasedTrajectory(settings: TrajectorySettings): ReleasedTrajectory {
  const { optimizer, divisor } = settings;
  const start = settings.start.slice();
  requireRange('divisor', divisor, divisor > 0 && divisor < Infinity, 'finite and above 0');
  let current = start.slice();
  let isProtected = true;
  return {
    take: (release, learningRate) => {
      const given: unknown = release;
      if (!isReleased(given)) throw new TypeError('release must come out of a release mechanism');
      requireRange(
        'release.length',
        given.length,
        given.length === start.length,
        String(start.length),
      );
      const gradient = Float32Array.from(given.reals(), (value) => value / divisor);
      const next = current.slice();
      optimizer.apply(next, gradient, learningRate);
      if (!next.every(Number.isFinite)) {
        throw new ReleaseFailure('not-finite', 'a weight became NaN or infinite');
      }
      current = next;
      isProtected &&= given.protection === 'differential-privacy';
    },
    weights: () => current.slice(),
    update: () =>
      onFineGrid(
        Float64Array.from(current, (value, i) => value - start[i]!),
        isProtected ? 'differential-privacy' : 'none',
      ),
  };
}
