import { secureRandom, seededRandom, uniform, type SecureRandom } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../accounting/accountant.ts';
import { chiSquare, seededLaplaceMechanism } from '../testing/index.ts';
import { clipVector, normOf } from './clip.ts';
import { ditheredRounding } from './dither.ts';
import { localGaussianMechanism, localLaplaceMechanism } from './local-mechanisms.ts';
import { roundedLaplaceEvent } from './noise-kinds.ts';
import { ReleaseFailure } from './release-failure.ts';
import { releaseGrid } from './release-grid.ts';
import { isReleased } from './release.ts';
import { roundedLaplaceTable } from './rounded-laplace-table.ts';

const settings = {
  clippingNorm: 2,
  noiseMultiplier: 1.5,
  samplingRate: 0.5,
  length: 16,
  exampleCap: 64,
};
const grid = releaseGrid({ ...settings, noise: 'laplace' });
const failureOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof ReleaseFailure ? error.kind : error;
  }
};

describe('localLaplaceMechanism', () => {
  it('says what one release costs: its scale, its sampler, and no failure of rounding', () => {
    const { event, clippingNorm, norm } = localLaplaceMechanism({
      ...settings,
      random: secureRandom(),
    });
    expect(event).toEqual({
      kind: 'laplace',
      samplingRate: 0.5,
      noiseMultiplier: 1.5,
      // 16 draws from 2K + 1 boundaries of 2^-96 each, and one such unit beyond K.
      samplerFailure: 16 * (2 * Math.ceil(67 * grid.noiseScale) + 2) * 2 ** -96,
    });
    expect([clippingNorm, norm]).toEqual([2, 'l1']);
  });

  it('has the event that its public settings give without it', () => {
    const { event } = localLaplaceMechanism({ ...settings, random: secureRandom() });
    expect(roundedLaplaceEvent(settings)).toEqual(event);
  });

  it('costs pure ε = 1/z for one release of everybody, whatever the number of coordinates', () => {
    for (const length of [1, 16, 64]) {
      for (const noiseMultiplier of [0.5, 2, 10]) {
        const event = roundedLaplaceEvent({
          ...settings,
          samplingRate: 1,
          length,
          noiseMultiplier,
        });
        for (const delta of [1e-5, 1e-9]) {
          const epsilon = epsilonOf([{ ...event, count: 1, round: 0 }], delta);
          // δ(ε) = 1 − e^((ε − 1/z)/2): δ buys 2δ of ε, and the grid of losses costs at most one step of 1e-4.
          expect(epsilon).toBeGreaterThan(1 / noiseMultiplier - 2.01 * delta);
          expect(epsilon).toBeLessThan(1.01 / noiseMultiplier);
        }
      }
    }
  });

  it('releases integers on the public grid, with Laplace noise of scale z·(c + K) around the sum', () => {
    const mechanism = seededLaplaceMechanism({ ...settings, random: seededRandom('laplace') });
    const sum = new Float64Array(16).fill(3.5 * grid.gridStep);
    const table = roundedLaplaceTable(1.5 * grid.sensitivity);
    const errors: number[] = [];
    for (let i = 0; i < 5_000; i += 1) {
      const released = mechanism.release(sum);
      expect(released.gridStep).toBe(grid.gridStep);
      expect(released.protection).toBe('differential-privacy');
      // The dither makes 3.5 a 3 or a 4: a half against a noise of thousands.
      for (const value of released.values) errors.push(value - 4);
    }
    const pmf = (k: number) => Number(table.pmf(k)) / 2 ** 96;
    const { statistic, critical } = chiSquare(errors, pmf, table.maxMagnitude + 1, 40);
    expect(statistic).toBeLessThan(critical);
    const squares = errors.reduce((total, error) => total + error * error, 0);
    // Kurtosis 6: six standard errors of √(5/n) in the variance.
    const ratio = squares / errors.length / grid.noiseStddev ** 2;
    expect(Math.abs(ratio - 1)).toBeLessThan(6 * Math.sqrt(5 / errors.length));
    expect(grid.noiseStddev).toBeCloseTo(Math.SQRT2 * 1.5 * grid.sensitivity, 9);
  });

  it('takes every sum of contributions clipped in L1, and fails closed on a larger one', () => {
    const mechanism = localLaplaceMechanism({ ...settings, random: secureRandom() });
    const random = seededRandom('clipped');
    const sum = new Float64Array(16);
    for (let i = 0; i < 64; i += 1) {
      const raw = Float64Array.from(sum, () => 100 * uniform(random));
      const clipped = clipVector(raw, 2, 'l1');
      expect(normOf(clipped, 'l1')).toBeCloseTo(2, 12);
      clipped.forEach((value, j) => (sum[j]! += value));
    }
    expect(isReleased(mechanism.release(sum))).toBe(true);
    // L2 norm 4·12 = 48 is far below 64·2; L1 norm 192 is not: contributions were clipped in the wrong norm.
    expect(failureOf(() => mechanism.release(new Float64Array(16).fill(12)))).toBe('grid-overflow');
    const gaussian = localGaussianMechanism({ ...settings, random: secureRandom() });
    expect(isReleased(gaussian.release(new Float64Array(16).fill(12)))).toBe(true);
    for (const bad of [Number.NaN, Infinity]) {
      expect(failureOf(() => mechanism.release(new Float64Array(16).fill(bad)))).toBe('not-finite');
    }
  });

  it('never releases more than the grid says, at the largest sum and the largest draw', () => {
    // One contribution everywhere in one coordinate, and noise from the two ends of the table.
    for (const [word, sign] of [
      [0xffffffff, 1],
      [0, -1],
    ] as const) {
      const scripted = {
        kind: 'seeded' as const,
        nextUint32: () => word,
        fillUint32: (words: Uint32Array) => {
          // The first of a block decides one draw; equal words would look like a stuck source.
          words.forEach((_, i) => (words[i] = i < 3 ? word : i));
        },
      };
      const one = { ...settings, length: 1 };
      const bounds = releaseGrid({ ...one, noise: 'laplace' });
      const largest = sign * 64 * bounds.clippingUnits * bounds.gridStep;
      const [value] = seededLaplaceMechanism({ ...one, random: scripted }).release(
        Float64Array.of(largest),
      ).values;
      expect(Math.abs(value!)).toBeLessThanOrEqual(bounds.maxSumMagnitude);
      expect(Math.abs(value!)).toBeGreaterThan(0.3 * bounds.maxSumMagnitude);
      expect(bounds.maxSumMagnitude).toBeLessThan(2 ** (8 * bounds.sumBytesPerValue - 1));
    }
  });

  it('refuses reproducible randomness even past the types, and settings out of range', () => {
    const random = seededRandom('x') as unknown as SecureRandom;
    expect(() => localLaplaceMechanism({ ...settings, random })).toThrow('random must be secure');
    for (const [name, value] of [
      ['noiseMultiplier', 0],
      ['noiseMultiplier', 1e6],
      ['samplingRate', 0],
      ['length', 0],
    ] as const) {
      const wrong = { ...settings, [name]: value, random: secureRandom() };
      expect(() => localLaplaceMechanism(wrong)).toThrow(name);
    }
  });
});

describe('neighboring sums, rounded with the same dither,', () => {
  const length = 16;
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: length,
    maxLength: length,
  });
  /** L1 distance in grid units of a sum with and without one contribution, and the contribution's own L1 norm. */
  const distanceOf = (others: readonly number[], one: readonly number[], seed: string) => {
    const clipped = clipVector(Float64Array.from(one), settings.clippingNorm, 'l1');
    const without = Float64Array.from(others, (value) => 50 * value);
    const sum = without.map((value, i) => value + clipped[i]!);
    const round = (values: Float64Array) =>
      ditheredRounding(seededRandom(seed)).round(values, grid.gridStep);
    const rounded = round(sum);
    const base = round(without);
    const difference = Float64Array.from(rounded, (value, i) => value - base[i]!);
    return {
      distance: normOf(difference, 'l1'),
      contribution: normOf(clipped, 'l1') / grid.gridStep,
    };
  };

  it('differ by at most c + K in L1, always', () => {
    fc.assert(
      fc.property(vector, vector, fc.string(), (others, one, seed) => {
        const { distance } = distanceOf(others, one, seed);
        expect(distance).toBeLessThanOrEqual(grid.sensitivity);
        expect(grid.sensitivity).toBe(grid.clippingUnits + length);
      }),
      { numRuns: 500 },
    );
  });

  it('do differ by more than the contribution itself, so that the K is needed', () => {
    const random = seededRandom('vectors');
    const draw = () => Array.from({ length }, () => 2 * uniform(random) - 1);
    const excesses = Array.from({ length: 200 }, (_, i) => {
      const { distance, contribution } = distanceOf(draw(), draw(), String(i));
      return distance - contribution;
    });
    expect(Math.max(...excesses)).toBeGreaterThan(2);
  });
});
