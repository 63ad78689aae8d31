import { describe, expect, it } from 'vitest';
import { exactGaussianDelta, exactGaussianEpsilon } from '../accounting/exact-gaussian.ts';
import { groupGuarantee, groupPrivacy } from './group-privacy.ts';
import { signalToNoise } from './signal-to-noise.ts';

describe('groupPrivacy', () => {
  it('leaves one unit as it is', () => {
    expect(groupPrivacy(2, 1e-5, 1)).toEqual({ epsilon: 2, delta: 1e-5 });
  });

  it('multiplies ε by k and δ by k·e^((k−1)ε)', () => {
    const group = groupPrivacy(0.5, 1e-6, 3);
    expect(group.epsilon).toBe(1.5);
    expect(group.delta).toBeCloseTo(3 * Math.E * 1e-6, 18);
  });

  it('covers what a Gaussian really does to a group, whose distance is k times as long', () => {
    for (const size of [2, 3, 5]) {
      const epsilon = exactGaussianEpsilon(4, 1, 1e-6);
      const group = groupPrivacy(epsilon, 1e-6, size);
      expect(exactGaussianDelta(4 / size, 1, group.epsilon)).toBeLessThanOrEqual(group.delta);
    }
  });

  it('promises nothing for a large group', () => {
    expect(groupPrivacy(8, 1e-5, 20)).toEqual({ epsilon: 160, delta: 1 });
    expect(groupPrivacy(Infinity, 1e-5, 1).delta).toBe(1e-5);
  });

  it('refuses half a unit', () => {
    expect(() => groupPrivacy(1, 1e-5, 0.5)).toThrow('size');
  });
});

describe('groupGuarantee', () => {
  const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 3.796 } as const;

  it('divides the noise by the size where nothing is sampled', () => {
    for (const size of [1, 2, 3, 5]) {
      const { epsilon } = groupGuarantee({ event: release, count: 4 }, 10, 1e-5, size);
      expect(epsilon).toBeCloseTo(exactGaussianEpsilon(3.796 / size, 40, 1e-5), 6);
    }
  });

  it('is the general bound where batches are sampled', () => {
    const planned = { event: { ...release, samplingRate: 0.1 }, count: 4 };
    const one = groupGuarantee(planned, 10, 1e-5, 1);
    expect(groupGuarantee(planned, 10, 1e-5, 3)).toEqual(groupPrivacy(one.epsilon, 1e-5, 3));
  });

  it('divides the scale of Laplace noise as well, whose pure ε grows with the size', () => {
    const laplace = { kind: 'laplace', samplingRate: 1, noiseMultiplier: 4 } as const;
    for (const size of [1, 2, 5]) {
      const { epsilon } = groupGuarantee({ event: laplace, count: 1 }, 1, 1e-9, size);
      expect(epsilon).toBeCloseTo(size / 4, 3);
    }
    const sampled = { event: { ...laplace, samplingRate: 0.1 }, count: 1 };
    const one = groupGuarantee(sampled, 10, 1e-5, 1);
    expect(groupGuarantee(sampled, 10, 1e-5, 3)).toEqual(groupPrivacy(one.epsilon, 1e-5, 3));
  });

  it('counts the failures of rounding once for each unit', () => {
    const event = { ...release, roundingFailure: 1e-6 / 40 };
    const planned = { event, count: 4 };
    const { epsilon } = groupGuarantee(planned, 10, 1e-5, 2);
    // 40 releases with 2 · 1e-6 / 40 each leave 8e-6 of δ.
    expect(epsilon).toBeCloseTo(exactGaussianEpsilon(3.796 / 2, 40, 8e-6), 6);
  });
});

describe('signalToNoise', () => {
  // The design's table: δ = 1e-5, n = 100 clients, m = 200 examples each; client distr., client local, example distr., local.
  const rows: [number, number, number[]][] = [
    [147_456, 8, [0.43, 0.043, 86.8, 8.7]],
    [147_456, 4, [0.24, 0.024, 48.2, 4.8]],
    [147_456, 2, [0.13, 0.013, 26.1, 2.6]],
    [5_000, 8, [2.36, 0.236, 471, 47.1]],
    [5_000, 2, [0.71, 0.071, 142, 14.2]],
    [200, 8, [11.8, 1.18, 2_360, 236]],
  ];
  it.each(rows)('gives the design table for d = %d and ε = %d', (length, epsilon, expected) => {
    const common = { clients: 100, examplesPerClient: 200, epsilon, delta: 1e-5, length };
    const values = (['client', 'example'] as const).flatMap((privacyUnit) =>
      (['distributed', 'local'] as const).map((noise) =>
        signalToNoise({ ...common, privacyUnit, noise }),
      ),
    );
    for (const [i, value] of values.entries()) {
      // The table has two or three digits: half a unit of the last one.
      expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(0.03);
    }
  });

  it('leaves room for whole clients where a round releases 10 steps of 16 scalars', () => {
    const client = {
      privacyUnit: 'client',
      noise: 'local',
      clients: 100,
      examplesPerClient: 200,
      epsilon: 8,
      delta: 1e-5,
    } as const;
    const scalars = signalToNoise({ ...client, length: 160 });
    // √100/(.600·√160), against .043 for the 147,456 numbers of an adapter.
    expect(scalars).toBeCloseTo(1.317, 2);
    const adapter = signalToNoise({ ...client, length: 147_456 });
    expect(scalars / adapter).toBeCloseTo(Math.sqrt(147_456 / 160), 6);
  });

  it('refuses less than one client or example by name', () => {
    const good = {
      privacyUnit: 'client',
      noise: 'local',
      clients: 10,
      examplesPerClient: 10,
      epsilon: 8,
      delta: 1e-5,
      length: 10,
    } as const;
    expect(() => signalToNoise({ ...good, clients: 0 })).toThrow('clients');
    expect(() => signalToNoise({ ...good, examplesPerClient: 0 })).toThrow('examplesPerClient');
    expect(() => signalToNoise({ ...good, length: 0 })).toThrow('length');
  });
});
