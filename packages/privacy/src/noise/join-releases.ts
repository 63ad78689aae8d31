import { requireRange } from '../arguments.ts';
import { isReleased, makeReleased, type ReleasedIntegers } from './released-integers.ts';

/**
 * Releases of one grid one after the other as one vector: protected only if every one of them is. Costs nothing beyond
 * what each of them has cost.
 * @throws TypeError where one did not come out of a release mechanism; RangeError for none, or for several grids
 */
export function joinReleases(releases: readonly ReleasedIntegers[]): ReleasedIntegers {
  const given: readonly unknown[] = releases;
  if (!given.every(isReleased)) {
    throw new TypeError('releases must come out of a release mechanism');
  }
  const [first] = releases;
  if (first === undefined) throw new RangeError('releases must be at least one, got 0');
  const { gridStep } = first;
  const joined = new Int32Array(releases.reduce((length, release) => length + release.length, 0));
  let at = 0;
  for (const release of releases) {
    const isSame = release.gridStep === gridStep;
    requireRange('gridStep', release.gridStep, isSame, `that of the first release, ${gridStep}`);
    joined.set(release.values, at);
    at += release.length;
  }
  const isProtected = releases.every(({ protection }) => protection === 'differential-privacy');
  return makeReleased(joined, gridStep, isProtected ? 'differential-privacy' : 'none');
}
