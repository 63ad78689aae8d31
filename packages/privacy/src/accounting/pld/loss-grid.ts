import { memo } from '../memo.ts';
import { compositionSize, type CompositionSize, type CountedRelease } from './compose-losses.ts';
import { lossesOf, releaseKey, type KnownRelease } from './known-release.ts';
import type { LossMasses, ReleaseLosses } from './loss-masses.ts';

/** How fine a grid is worth its time. */
export interface Effort {
  /** Grid points in a release's standard deviation: h of them add 1/(6h²) to its variance at most. */
  readonly stepsPerStddev: number;
  /** Points of the longest transform, a power of two. */
  readonly longestTransform: number;
  /** Points of the transforms of one composition together. */
  readonly transformBudget: number;
}

/** What a second allows; adds two hundred thousandths to the variance where memory suffices. */
export const FULL_EFFORT: Effort = {
  stepsPerStddev: 100,
  longestTransform: 2 ** 17,
  transformBudget: 2 ** 21,
};

/** For a first look: some ten times quicker. */
export const QUICK_EFFORT: Effort = {
  stepsPerStddev: 20,
  longestTransform: 2 ** 14,
  transformBudget: 2 ** 18,
};

// Points of the longest transform that a caller's own step may ask for.
const LONGEST_TRANSFORM = 2 ** 22;

const COARSEST_STEP = 1e-4 * 2 ** 16;
const FINEST_STEP = 1e-4 / 2 ** 10;
// A loss of its own probability can come out a whole step too large.
const FINE_STEP = 1e-4;

// Distributions kept, in their elements: 32 MB.
const knownLosses = memo<ReleaseLosses>(
  2 ** 22,
  ({ remove, add }) => remove.masses.length + add.masses.length,
);

/** The distributions of all kinds of releases on one grid. */
function countedLosses(
  releases: readonly KnownRelease[],
  step: number,
  maxBins: number,
): CountedRelease[] {
  return releases.map((release) => {
    const key = `${releaseKey(release)} ${step} ${maxBins}`;
    return {
      losses: knownLosses.get(key, () => lossesOf(release, step, maxBins)),
      count: release.count,
    };
  });
}

function variance({ step, start, masses }: LossMasses): number {
  let mean = 0;
  let square = 0;
  for (let i = 0; i < masses.length; i += 1) {
    mean += masses[i]! * (start + i);
    square += masses[i]! * (start + i) ** 2;
  }
  return Math.max(0, square - mean * mean) * step * step;
}

/** Root mean square, over the releases, of the standard deviation of their losses. */
function typicalStddev(releases: readonly CountedRelease[]): number {
  let sum = 0;
  let count = 0;
  for (const release of releases) {
    sum += release.count * variance(release.losses.remove);
    count += release.count;
  }
  return Math.sqrt(sum / count);
}

/** Releases on one grid, and what their composition takes; null where it cannot be done. */
export interface SizedReleases {
  readonly releases: readonly CountedRelease[];
  readonly size: CompositionSize | null;
}

/** Releases on a grid of the caller's own, or on the next one that is twice, four times … as coarse and small enough. */
export function onGrid(releases: readonly KnownRelease[], finest: number): SizedReleases {
  for (let step = finest; ; step *= 2) {
    const counted = countedLosses(releases, step, LONGEST_TRANSFORM);
    const size = compositionSize(counted, LONGEST_TRANSFORM);
    if (size !== null || step > COARSEST_STEP) return { releases: counted, size };
  }
}

/**
 * Releases on the finest grid worth having: refined by powers of two, so that each grid holds the coarser ones and a
 * finer one never gives a larger ε, until the transforms would grow too long or the steps are small beside the losses.
 */
export function onFittingGrid(releases: readonly KnownRelease[], effort: Effort): SizedReleases {
  const share = effort.transformBudget / (releases.length + 1);
  const longest = Math.min(effort.longestTransform, 2 ** Math.floor(Math.log2(share)));
  const hasAtoms = releases.some(({ kind }) => kind !== 'gaussian');
  let step = COARSEST_STEP;
  let coarser: SizedReleases | null = null;
  for (;;) {
    const counted = countedLosses(releases, step, 4 * longest);
    const size = compositionSize(counted, longest);
    const sized: SizedReleases = { releases: counted, size };
    if (size === null) return coarser ?? sized;
    const wanted = typicalStddev(counted) / effort.stepsPerStddev;
    const excess = step / (hasAtoms ? Math.min(wanted, FINE_STEP) : wanted);
    const refinement = Math.min(longest / size.length, excess, step / FINEST_STEP);
    if (refinement < 2) return sized;
    coarser = sized;
    step /= 2 ** Math.floor(Math.log2(refinement));
  }
}
