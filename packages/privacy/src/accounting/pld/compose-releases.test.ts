import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactGaussianDelta, exactGaussianEpsilon } from '../exact-gaussian.ts';
import { composeReleases } from './compose-releases.ts';
import type { KnownRelease, SampledRelease } from './known-release.ts';
import { QUICK_EFFORT } from './loss-grid.ts';

const gaussian = (
  samplingRate: number,
  noiseMultiplier: number,
  count: number,
): SampledRelease => ({ kind: 'gaussian', samplingRate, noiseMultiplier, count });
const laplace = (scale: number, count: number): SampledRelease => ({
  kind: 'laplace',
  samplingRate: 1,
  noiseMultiplier: scale,
  count,
});

describe('composeReleases', () => {
  it('meets the exact Gaussian where nothing is sampled, as one release whatever the counts', () => {
    const releases = [gaussian(1, 8, 20), gaussian(1, 6, 10)];
    // 20/64 + 10/36 = 85/144
    const sigma = Math.sqrt(144 / 85);
    const composed = composeReleases(releases);
    const exact = exactGaussianEpsilon(sigma, 1, 1e-6);
    expect(composed.epsilon(1e-6)).toBeGreaterThanOrEqual(exact - 1e-9);
    expect(composed.epsilon(1e-6)).toBeLessThan(exact * 1.0001);
    expect(Math.abs(composed.delta(1) / exactGaussianDelta(sigma, 1, 1) - 1)).toBeLessThan(1e-3);
    for (const count of [11, 1000]) {
      const loud = composeReleases([gaussian(1, 1, count)]).epsilon(1e-6);
      expect(Math.abs(loud / exactGaussianEpsilon(1, count, 1e-6) - 1)).toBeLessThan(1e-4);
    }
  });

  it('meets the exact Gaussian as the rate goes to one', () => {
    const exact = exactGaussianEpsilon(3, 20, 1e-5);
    const nearly = composeReleases([gaussian(1 - 1e-9, 3, 20)]).epsilon(1e-5);
    expect(Math.abs(nearly / exact - 1)).toBeLessThan(1e-4);
  });

  it('meets ε = 1/b + 2 ln(1 − δ) of one Laplace release', () => {
    for (const scale of [0.5, 2, 10]) {
      const epsilon = composeReleases([laplace(scale, 1)]).epsilon(1e-3);
      const exact = 1 / scale + 2 * Math.log1p(-1e-3);
      expect(epsilon).toBeGreaterThan(exact - 1e-9);
      expect(epsilon).toBeLessThan(exact + 1e-4);
    }
  });

  it('never passes the sum of pure ε, which Laplace releases keep', () => {
    const three: KnownRelease[] = [
      laplace(4, 2),
      { kind: 'discrete-laplace', scale: 5, sensitivity: 1, count: 1 },
    ];
    // 2/4 + 1/5, up to one step of the grid for each release
    const epsilon = composeReleases(three).epsilon(1e-10);
    expect(epsilon).toBeLessThan(0.7 + 3e-4);
    expect(epsilon).toBeGreaterThan(0.69);
  });

  it('takes a one-dimensional discrete Gaussian for nearly a Gaussian', () => {
    const kind = 'one-dimensional-discrete-gaussian';
    const discrete = composeReleases([{ kind, scale: 20, sensitivity: 5, count: 10 }], 1e-3);
    const exact = exactGaussianEpsilon(4, 10, 1e-5);
    expect(Math.abs(discrete.epsilon(1e-5) / exact - 1)).toBeLessThan(2e-3);
  });

  it('does not depend on the order or the splitting of releases', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0.05, 0.2, 1), fc.constantFrom(1, 2.5), fc.nat(20)), {
          minLength: 1,
          maxLength: 5,
        }),
        (kinds) => {
          const releases = kinds.map(([q, sigma, count]) => gaussian(q, sigma, count));
          const split = releases.flatMap((r) => [
            { ...r, count: Math.floor(r.count / 2) },
            { ...r, count: Math.ceil(r.count / 2) },
          ]);
          const epsilon = composeReleases(releases, QUICK_EFFORT).epsilon(1e-6);
          const other = composeReleases(split.reverse(), QUICK_EFFORT).epsilon(1e-6);
          expect(Math.abs(epsilon - other)).toBeLessThanOrEqual(1e-9 * epsilon);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('only ever gets smaller on a finer grid', () => {
    for (const [q, sigma, count] of [
      [0.01, 1, 1000],
      [0.3, 2, 50],
      [0.001, 5, 10],
    ] as const) {
      const on = (grid: number): number =>
        composeReleases([gaussian(q, sigma, count)], grid).epsilon(1e-5);
      const coarse = on(1.6e-3);
      const fine = on(4e-4);
      expect(fine).toBeLessThanOrEqual(coarse + 1e-12);
      expect(composeReleases([gaussian(q, sigma, count)]).epsilon(1e-5)).toBeLessThanOrEqual(
        fine * 1.0001,
      );
      expect(
        composeReleases([gaussian(q, sigma, count)], QUICK_EFFORT).epsilon(1e-5),
      ).toBeGreaterThanOrEqual(composeReleases([gaussian(q, sigma, count)]).epsilon(1e-5) - 1e-12);
    }
  });

  it('takes a coarser grid where the one asked for would not fit into memory', () => {
    const releases = [gaussian(0.5, 0.6, 2000)];
    const asked = composeReleases(releases, 1e-5).epsilon(1e-5);
    expect(asked).toBeLessThan(Infinity);
    expect(Math.abs(asked / composeReleases(releases).epsilon(1e-5) - 1)).toBeLessThan(1e-3);
  });

  it('costs nothing without releases and everything without noise or beyond any grid', () => {
    expect(composeReleases([]).epsilon(1e-5)).toBe(0);
    expect(composeReleases([gaussian(0, 1, 5), gaussian(0.5, 1, 0)]).delta(0)).toBe(0);
    expect(composeReleases([gaussian(0.5, 0, 1)]).epsilon(1e-5)).toBe(Infinity);
    expect(composeReleases([gaussian(0.5, 0.001, 1)]).epsilon(1e-5)).toBe(Infinity);
    expect(composeReleases([gaussian(0.5, 1, 2 ** 50)]).delta(1)).toBe(1);
    // Below the probability that the transform leaves out, 1e-15, nothing is known.
    expect(composeReleases([gaussian(0.1, 2, 10)]).epsilon(1e-16)).toBe(Infinity);
  });

  it('refuses parameters out of range by name', () => {
    expect(() => composeReleases([gaussian(1.5, 1, 1)])).toThrow('samplingRate');
    expect(() => composeReleases([gaussian(0.5, 1, 1.5)])).toThrow('count must be an integer');
    const kind = 'discrete-laplace';
    expect(() => composeReleases([{ kind, scale: 0, sensitivity: 1, count: 1 }])).toThrow('scale');
    expect(() => composeReleases([{ kind, scale: 1, sensitivity: 1.5, count: 1 }])).toThrow(
      'sensitivity must be an integer above 0 and at most 10000, got 1.5',
    );
    expect(() => composeReleases([], 0)).toThrow('grid must be in (0, 1], got 0');
    expect(() => composeReleases([gaussian(0.5, 1, 1)]).epsilon(1)).toThrow('delta');
    expect(() => composeReleases([gaussian(0.5, 1, 1)]).delta(-1)).toThrow('epsilon');
  });
});
