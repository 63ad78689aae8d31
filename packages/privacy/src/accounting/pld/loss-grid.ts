import { memo } from '../memo.ts';
import { compositionSize, type CountedRelease } from './compose-losses.ts';
import { lossesOf, releaseKey, type KnownRelease } from './known-release.ts';
import type { LossMasses, ReleaseLosses } from './loss-masses.ts';

/** Points of the longest transform that a caller's own step may ask for. */
export const LARGEST_TRANSFORM = 2 ** 23;

const COARSEST_STEP = 1e-4 * 2 ** 16;
const FINEST_STEP = 1e-4 / 2 ** 10;
// Steps of a two hundredth of a release's standard deviation add less than a hundred thousandth to its variance.
const STEPS_PER_STDDEV = 200;
// A loss of its own probability can come out a whole step too large.
const FINE_STEP = 1e-4;
// Points of all transforms of one composition, and of the longest: what a second allows.
const TRANSFORM_BUDGET = 2 ** 21;
const LARGEST_FITTING_TRANSFORM = 2 ** 18;

// Distributions kept, in their elements: 32 MB.
const knownLosses = memo<ReleaseLosses>(
  2 ** 22,
  ({ remove, add }) => remove.masses.length + add.masses.length,
);

/** The distributions of all kinds of releases on one grid. */
export function countedLosses(
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

/**
 * Distributions on the finest grid worth having: refined by powers of two, so that each grid holds the coarser ones and
 * a finer one never gives a larger ε, until the transforms would grow too long or the steps are small beside the losses.
 */
export function fittingStep(releases: readonly KnownRelease[]): CountedRelease[] {
  const share = TRANSFORM_BUDGET / (releases.length + 1);
  const longest = Math.min(LARGEST_FITTING_TRANSFORM, 2 ** Math.floor(Math.log2(share)));
  const hasAtoms = releases.some(({ kind }) => kind !== 'gaussian');
  let step = COARSEST_STEP;
  let coarser: CountedRelease[] | null = null;
  for (;;) {
    const counted = countedLosses(releases, step, 4 * longest);
    const size = compositionSize(counted);
    if (size === null) return coarser ?? counted;
    if (step <= FINEST_STEP) return counted;
    const room = longest / size.length;
    const wanted = typicalStddev(counted) / STEPS_PER_STDDEV;
    const excess = step / (hasAtoms ? Math.min(wanted, FINE_STEP) : wanted);
    const refinement = Math.min(room, excess, step / FINEST_STEP);
    if (refinement < 2) return counted;
    coarser = counted;
    step /= 2 ** Math.floor(Math.log2(refinement));
  }
}
