import { secureRandom, seededRandom, type SecureRandom } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../accounting/error-function.ts';
import {
  seededDiscreteGaussianMechanism,
  seededGaussianMechanism,
  seededSkellamMechanism,
} from '../testing/index.ts';
import {
  localDiscreteGaussianMechanism,
  localGaussianMechanism,
  localSkellamMechanism,
} from './local-mechanisms.ts';
import { roundedGaussianEvent } from './noise-kinds.ts';
import { ReleaseFailure } from './release-failure.ts';
import { releaseGrid } from './release-grid.ts';
import { isReleased, type ReleasedIntegers } from './release.ts';
import { unprotectedRelease } from './unprotected-release.ts';

const settings = {
  clippingNorm: 2,
  noiseMultiplier: 1.5,
  samplingRate: 0.5,
  length: 1_000,
  exampleCap: 64,
};
const mechanisms = [
  ['rounded Gaussian', localGaussianMechanism, seededGaussianMechanism],
  ['discrete Gaussian', localDiscreteGaussianMechanism, seededDiscreteGaussianMechanism],
  ['Skellam', localSkellamMechanism, seededSkellamMechanism],
] as const;
const failureOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof ReleaseFailure ? error.kind : error;
  }
};
const failing = (error: unknown): SecureRandom => ({
  kind: 'secure',
  nextUint32: () => {
    throw error;
  },
  fillUint32: () => {
    throw error;
  },
});
const stuck: SecureRandom = {
  kind: 'secure',
  nextUint32: () => 7,
  fillUint32: (words) => words.fill(7),
};

describe.each(mechanisms)('local %s mechanism', (_, local, seeded) => {
  it('says what one release costs, rounding and sampler included', () => {
    const mechanism = local({ ...settings, random: secureRandom() });
    const { event } = mechanism;
    expect(event).toMatchObject({
      samplingRate: 0.5,
      noiseMultiplier: 1.5,
      roundingFailure: 1e-12,
    });
    // 1,000 draws from a table of some 2·13·1.5·D₂ entries of 2^-96 each: between 1e-22 and 1e-20.
    expect(event!.samplerFailure).toBeGreaterThan(1e-22);
    expect(event!.samplerFailure).toBeLessThan(1e-20);
    expect(mechanism.clippingNorm).toBe(2);
  });

  it('releases integers on the public grid, with noise of standard deviation z·D₂ around the sum', () => {
    const grid = releaseGrid(settings);
    const mechanism = seeded({ ...settings, random: seededRandom('stddev') });
    const sum = new Float32Array(settings.length).fill(0.25);
    let mean = 0;
    let squares = 0;
    const rounds = 200;
    for (let i = 0; i < rounds; i += 1) {
      const released = mechanism.release(sum);
      expect(released.gridStep).toBe(grid.gridStep);
      expect(released.protection).toBe('differential-privacy');
      for (const value of released.values) {
        const error = value - 0.25 / grid.gridStep;
        mean += error;
        squares += error * error;
      }
    }
    const n = rounds * settings.length;
    // Six standard errors: a false alarm once in 1e9 seeds.
    expect(Math.abs(mean / n)).toBeLessThan((6 * grid.noiseStddev) / Math.sqrt(n));
    const stddev = Math.sqrt(squares / n);
    expect(Math.abs(stddev / grid.noiseStddev - 1)).toBeLessThan(6 / Math.sqrt(2 * n));
  });

  it('draws fresh noise for each coordinate and each release, also for an odd length', () => {
    const mechanism = local({ ...settings, length: 101, random: secureRandom() });
    const first = mechanism.release(new Float32Array(101)).values;
    const second = mechanism.release(new Float32Array(101)).values;
    // With 202 values spread over thousands a match happens, but never at many places at once.
    expect(first.filter((value, i) => value === second[i]).length).toBeLessThan(10);
    expect(new Set(first).size).toBeGreaterThan(90);
  });

  it('repeats itself for an equal seed and leaves the sum alone', () => {
    const run = () => {
      const sum = Float32Array.from({ length: settings.length }, (__, i) => i / 1e4);
      const before = sum.slice();
      const { values } = seeded({ ...settings, random: seededRandom('same') }).release(sum);
      expect(sum).toEqual(before);
      return values;
    };
    expect(run()).toEqual(run());
  });

  it('refuses reproducible randomness even past the types', () => {
    const random = seededRandom('x') as unknown as SecureRandom;
    expect(() => local({ ...settings, random })).toThrow('random must be secure');
  });

  it('fails closed on NaN, infinity and a sum that clipped vectors cannot have', () => {
    const mechanism = local({ ...settings, random: secureRandom() });
    const withFirst = (value: number) => {
      const sum = new Float32Array(settings.length);
      sum[0] = value;
      return () => mechanism.release(sum);
    };
    expect(failureOf(withFirst(Number.NaN))).toBe('not-finite');
    expect(failureOf(withFirst(-Infinity))).toBe('not-finite');
    expect(failureOf(withFirst(64 * 2 * 1.01))).toBe('grid-overflow');
    expect(failureOf(withFirst(3e38))).toBe('grid-overflow');
    expect(isReleased(withFirst(64 * 2)())).toBe(true);
  });

  it('fails closed where the random source fails or repeats itself', () => {
    const error = new Error('no entropy');
    const sum = new Float32Array(settings.length);
    const broken = local({ ...settings, random: failing(error) });
    expect(failureOf(() => broken.release(sum))).toBe('random-source');
    expect(() => broken.release(sum)).toThrow(expect.objectContaining({ cause: error }) as Error);
    expect(failureOf(() => local({ ...settings, random: stuck }).release(sum))).toBe(
      'random-source',
    );
  });

  it('refuses a sum of another length, whose sensitivity would be another', () => {
    const mechanism = local({ ...settings, random: secureRandom() });
    expect(() => mechanism.release(new Float32Array(999))).toThrow('sum.length');
  });

  it('refuses settings out of range by name', () => {
    const random = secureRandom();
    for (const [name, value] of [
      ['noiseMultiplier', 0],
      ['noiseMultiplier', Number.NaN],
      ['clippingNorm', 0],
      ['samplingRate', 0],
      ['samplingRate', 1.1],
      ['exampleCap', 0.5],
      ['length', 0],
    ] as const) {
      expect(() => local({ ...settings, [name]: value, random })).toThrow(name);
    }
  });
});

describe('local rounded Gaussian mechanism', () => {
  it('adds noise whose distribution is normal (Kolmogorov–Smirnov)', () => {
    const length = 50_000;
    const grid = releaseGrid({ ...settings, length });
    const mechanism = seededGaussianMechanism({ ...settings, length, random: seededRandom('ks') });
    const sorted = mechanism.release(new Float32Array(length)).values.sort();
    let distance = 0;
    sorted.forEach((value, i) => {
      const cdf = normalCdf((value + 0.5) / grid.noiseStddev);
      if (sorted[i + 1] === value) return;
      distance = Math.max(distance, Math.abs(cdf - (i + 1) / length));
    });
    // P[√n·D > 2.3] < 6e-5
    expect(distance * Math.sqrt(length)).toBeLessThan(2.3);
  });

  it('has the event that its public settings give without it', () => {
    const { event } = localGaussianMechanism({ ...settings, random: secureRandom() });
    expect(roundedGaussianEvent(settings)).toEqual(event);
  });
});

describe('released integers', () => {
  const released = unprotectedRelease().release(Float32Array.of(1, -0.5, 0));

  it('cannot be forged by shape, by prototype, by constructor or by writing into a copy', () => {
    const prototype = Object.getPrototypeOf(released) as object;
    const { values, gridStep, protection } = released;
    expect(isReleased({ values, gridStep, protection })).toBe(false);
    expect(isReleased(Object.create(prototype))).toBe(false);
    const Class = released.constructor as new (...args: unknown[]) => unknown;
    expect(() => new Class(Symbol('noise'), values, 1, 'none')).toThrow('only a release mechanism');
    released.values.fill(9);
    expect(released.values).toEqual(values);
    expect(() => Object.assign(released, { gridStep: 2 })).toThrow(TypeError);
    expect(isReleased(released)).toBe(true);
    expect([null, undefined, 3, 'x'].some(isReleased)).toBe(false);
  });

  it('are a type of their own', () => {
    const { values, length, gridStep, protection } = released;
    const reals = () => released.reals();
    const lookalike = { values, length, gridStep, protection, reals };
    expect(isReleased(lookalike)).toBe(false);
    // @ts-expect-error an object with the same members is no ReleasedIntegers
    const isAssignable: typeof lookalike extends ReleasedIntegers ? true : false = true;
    expect(isAssignable).toBe(true);
  });
});

describe('unprotectedRelease', () => {
  it('keeps each value to 2^-30 of the largest, and books nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (values) => {
          const sum = Float32Array.from(values);
          const released = unprotectedRelease().release(sum);
          expect(released.protection).toBe('none');
          const largest = sum.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
          released.reals().forEach((value, i) => {
            expect(Math.abs(value - sum[i]!)).toBeLessThanOrEqual(largest * 2 ** -30);
          });
        },
      ),
    );
    expect(unprotectedRelease().event).toBeNull();
  });

  it('refuses NaN all the same', () => {
    const run = () => unprotectedRelease().release(Float32Array.of(0, Number.NaN));
    expect(failureOf(run)).toBe('not-finite');
  });
});
