import { secureRandom, seededRandom, type SecureRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../accounting/error-function.ts';
import { localGaussianMechanism } from './local-gaussian.ts';
import { identityRelease } from './release.ts';
import { seededGaussianMechanism } from '../testing/index.ts';

const settings = { clippingNorm: 2, noiseMultiplier: 1.5, samplingRate: 0.5 };

describe('localGaussianMechanism', () => {
  it('says what one release costs', () => {
    const mechanism = localGaussianMechanism({ ...settings, random: secureRandom() });
    expect(mechanism.event).toEqual({ kind: 'gaussian', samplingRate: 0.5, noiseMultiplier: 1.5 });
    expect(mechanism.clippingNorm).toBe(2);
  });

  it('adds noise of standard deviation σ·C around the sum', () => {
    const n = 200_000;
    const sum = new Float32Array(n).fill(7);
    const noised = localGaussianMechanism({ ...settings, random: secureRandom() }).release(sum);
    const errors = noised.map((value) => value - 7);
    const mean = errors.reduce((a, b) => a + b, 0) / n;
    const stddev = Math.sqrt(errors.reduce((a, b) => a + b * b, 0) / n);
    // Six standard errors: a false alarm in 1e9 runs.
    expect(Math.abs(mean)).toBeLessThan((6 * 3) / Math.sqrt(n));
    expect(Math.abs(stddev / 3 - 1)).toBeLessThan(6 / Math.sqrt(2 * n));
  });

  it('adds noise whose distribution is normal (Kolmogorov–Smirnov)', () => {
    const n = 50_000;
    const mechanism = seededGaussianMechanism({ ...settings, random: seededRandom('ks') });
    const sorted = mechanism.release(new Float32Array(n)).sort();
    let distance = 0;
    sorted.forEach((value, i) => {
      const cdf = normalCdf(value / 3);
      distance = Math.max(distance, Math.abs(cdf - i / n), Math.abs(cdf - (i + 1) / n));
    });
    // P[√n·D > 2.3] < 6e-5
    expect(distance * Math.sqrt(n)).toBeLessThan(2.3);
  });

  it('draws fresh noise for each coordinate and each release, also for an odd length', () => {
    const mechanism = localGaussianMechanism({ ...settings, random: secureRandom() });
    const first = mechanism.release(new Float32Array(101));
    const second = mechanism.release(new Float32Array(101));
    expect(new Set([...first, ...second]).size).toBe(202);
  });

  it('leaves the sum it was given alone', () => {
    const sum = Float32Array.of(1, 2, 3);
    localGaussianMechanism({ ...settings, random: secureRandom() }).release(sum);
    expect([...sum]).toEqual([1, 2, 3]);
  });

  it('refuses reproducible randomness even past the types', () => {
    const random = seededRandom('x') as unknown as SecureRandom;
    expect(() => localGaussianMechanism({ ...settings, random })).toThrow('random must be secure');
  });

  it('refuses a sum with NaN or infinity, and settings without noise', () => {
    const random = secureRandom();
    const mechanism = localGaussianMechanism({ ...settings, random });
    expect(() => mechanism.release(Float32Array.of(0, Number.NaN))).toThrow('sum[1]');
    expect(() => mechanism.release(Float32Array.of(-Infinity))).toThrow('sum[0]');
    expect(() => localGaussianMechanism({ ...settings, noiseMultiplier: 0, random })).toThrow(
      'noiseMultiplier must be above 0',
    );
    expect(() => localGaussianMechanism({ ...settings, clippingNorm: 0, random })).toThrow(
      'clippingNorm',
    );
  });
});

describe('identityRelease', () => {
  it('gives a copy and books nothing, but still refuses NaN', () => {
    const mechanism = identityRelease();
    const sum = Float32Array.of(1, 2);
    const released = mechanism.release(sum);
    released[0] = 9;
    expect([...sum]).toEqual([1, 2]);
    expect(mechanism.event).toBeNull();
    expect(() => mechanism.release(Float32Array.of(Number.NaN))).toThrow('sum[0]');
  });
});
