import { seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { seededGaussianMechanism } from '../testing/index.ts';
import { gridRelease } from './grid-release.ts';
import { joinReleases } from './join-releases.ts';
import { isReleased, type ReleasedIntegers } from './release.ts';

const noisy = (seed: string): ReleasedIntegers =>
  seededGaussianMechanism({
    clippingNorm: 1,
    noiseMultiplier: 1,
    samplingRate: 1,
    length: 4,
    exampleCap: 8,
    random: seededRandom(seed),
  }).release(new Float64Array(4));

describe('joinReleases', () => {
  it('puts the integers of one grid one after the other, in the order given', () => {
    const parts = ['a', 'b', 'c'].map(noisy);
    const joined = joinReleases(parts);
    expect(isReleased(joined)).toBe(true);
    expect([...joined.values]).toEqual(parts.flatMap(({ values }) => [...values]));
    expect([joined.gridStep, joined.protection]).toEqual([
      parts[0]!.gridStep,
      'differential-privacy',
    ]);
  });

  it('is protected only if every part is', () => {
    const part = noisy('a');
    const open = gridRelease(part.gridStep).release(Float64Array.of(1));
    expect(joinReleases([part, open]).protection).toBe('none');
    expect(joinReleases([open]).protection).toBe('none');
  });

  it('refuses none, several grids, and what no mechanism has made', () => {
    const part = noisy('a');
    expect(() => joinReleases([])).toThrow('releases must be at least one');
    const other = gridRelease(2 * part.gridStep).release(Float64Array.of(1));
    expect(() => joinReleases([part, other])).toThrow('gridStep');
    const { values, gridStep, protection, length } = part;
    const forged = { values, gridStep, protection, length, reals: () => part.reals() };
    expect(() => joinReleases([part, forged as unknown as ReleasedIntegers])).toThrow(TypeError);
  });
});
