import { requireDelta, requireRange } from '../../arguments.ts';
import { memo } from '../memo.ts';
import { composeLosses } from './compose-losses.ts';
import { FULL_EFFORT, onFittingGrid, onGrid, type Effort } from './loss-grid.ts';
import { releaseKey, requireKnownRelease, type KnownRelease } from './known-release.ts';
import type { ReleaseLosses } from './loss-masses.ts';
import { deltaOfLosses, epsilonOfLosses } from './loss-query.ts';

/** What releases cost together: upper bounds of ε and δ from their loss distribution. */
export interface ComposedReleases {
  /** ε ≥ 0 at δ in (0, 1); +inf where it is not known to be finite. */
  epsilon(delta: number): number;
  /** δ in [0, 1] at ε ≥ 0. */
  delta(epsilon: number): number;
}

const FREE: ComposedReleases = { epsilon: () => 0, delta: () => 0 };
const UNPROTECTED: ComposedReleases = { epsilon: () => Infinity, delta: () => 1 };

// Beyond it the losses of the one Gaussian would not fit a grid, while those of many do.
const LARGEST_PRECISION = 600;

/** Equal releases counted together. */
function counted(releases: readonly KnownRelease[]): KnownRelease[] {
  const kinds = new Map<string, KnownRelease>();
  for (const release of releases) {
    const key = releaseKey(release);
    const count = release.count + (kinds.get(key)?.count ?? 0);
    kinds.set(key, { ...release, count });
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
}

/** All Gaussians of all examples as the one that they compose to, with 1/σ² the sum of count/σ². */
function merged(releases: readonly KnownRelease[]): KnownRelease[] {
  const others: KnownRelease[] = [];
  let precision = 0;
  for (const release of releases) {
    if (release.kind === 'gaussian' && release.samplingRate === 1) {
      precision += release.count / release.noiseMultiplier ** 2;
    } else others.push(release);
  }
  if (precision === 0 || precision > LARGEST_PRECISION) return counted(releases);
  const noiseMultiplier = 1 / Math.sqrt(precision);
  return counted([...others, { kind: 'gaussian', samplingRate: 1, noiseMultiplier, count: 1 }]);
}

// Compositions kept, in elements of their distributions: 32 MB.
const compositions = memo<ReleaseLosses>(
  2 ** 22,
  ({ remove, add }) => remove.masses.length + add.masses.length,
);

function compose(releases: readonly KnownRelease[], grid: number | Effort): ReleaseLosses {
  const kinds = merged(releases);
  const name = typeof grid === 'number' ? grid : `fitting ${grid.longestTransform}`;
  const key = kinds.map((release) => `${releaseKey(release)}×${release.count}`).join(' ');
  return compositions.get(`${name} ${key}`, () => {
    const sized = typeof grid === 'number' ? onGrid(kinds, grid) : onFittingGrid(kinds, grid);
    return composeLosses(sized.releases, sized.size);
  });
}

/**
 * The composition of releases by their privacy loss distributions (PLD): connect-the-dots on a grid, powers by Fourier
 * transform, add and remove composed apart, the larger ε of the two.
 * @param grid step of the losses in (0, 1], doubled until memory suffices, or how fine a fitting one may be
 */
export function composeReleases(
  releases: readonly KnownRelease[],
  grid: number | Effort = FULL_EFFORT,
): ComposedReleases {
  releases.forEach(requireKnownRelease);
  if (typeof grid === 'number') requireRange('grid', grid, grid > 0 && grid <= 1, 'in (0, 1]');
  const ran = releases.filter((r) => r.count > 0 && !('samplingRate' in r && r.samplingRate === 0));
  if (ran.length === 0) return FREE;
  if (ran.some((r) => 'noiseMultiplier' in r && r.noiseMultiplier === 0)) return UNPROTECTED;
  const { remove, add } = compose(ran, grid);
  return {
    epsilon: (delta) => {
      requireDelta(delta);
      return Math.max(epsilonOfLosses(remove, delta), epsilonOfLosses(add, delta));
    },
    delta: (epsilon) => {
      requireRange('epsilon', epsilon, epsilon >= 0, 'at least 0');
      return Math.max(deltaOfLosses(remove, epsilon), deltaOfLosses(add, epsilon));
    },
  };
}
