import { secureRandom } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../accounting/error-function.ts';
import { exactGaussianDelta, exactGaussianEpsilon } from '../accounting/exact-gaussian.ts';
import { broadcastRelease, guarantees } from './guarantees.ts';
import { localGaussianMechanism, localLaplaceMechanism } from '../noise/local-mechanisms.ts';
import { plannedRelease } from './planned-release.ts';

const base = {
  privacyUnit: 'client',
  clippingNorm: 1,
  noiseMultiplier: 4,
  samplingRate: 1,
  localSteps: 4,
  length: 1_000,
  exampleCap: 600,
} as const;
const planned = plannedRelease(base);
const plan = { planned, rounds: 50, delta: 1e-5, hasLinearUpload: true, minimumClients: 11 };

describe('plannedRelease', () => {
  it('releases every local step where the unit is an example, sampled as agreed', () => {
    const settings = { ...base, privacyUnit: 'example', samplingRate: 0.25 } as const;
    expect(plannedRelease(settings)).toMatchObject({
      event: { kind: 'gaussian', samplingRate: 0.25, noiseMultiplier: 4 },
      count: 4,
    });
  });

  it('releases once a round, unsampled, where the unit is a client', () => {
    expect(plannedRelease({ ...base, samplingRate: 0.25 })).toMatchObject({
      event: { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 },
      count: 1,
    });
  });

  it.each([
    ['gaussian', localGaussianMechanism],
    ['laplace', localLaplaceMechanism],
  ] as const)('has the very event of the %s mechanism that then runs', (noise, mechanism) => {
    for (const privacyUnit of ['example', 'client'] as const) {
      const settings = { ...base, privacyUnit, noise, samplingRate: 0.25, length: 16 };
      const isClient = privacyUnit === 'client';
      const { event } = mechanism({
        clippingNorm: 1,
        noiseMultiplier: 4,
        samplingRate: isClient ? 1 : 0.25,
        length: 16,
        exampleCap: isClient ? 1 : 600,
        random: secureRandom(),
      });
      expect(plannedRelease(settings)).toEqual({ event, count: isClient ? 1 : 4 });
    }
  });

  it('counts a step of K scalars as one release: K has no part in the cost beyond the sampler', () => {
    for (const noise of ['gaussian', 'laplace'] as const) {
      const of = (length: number) => plannedRelease({ ...base, noise, length }).event;
      const { samplerFailure: one, ...cost } = of(1);
      const { samplerFailure: many, ...costOfMany } = of(64);
      expect(costOfMany).toEqual(cost);
      expect(many! / one!).toBeGreaterThan(60);
      expect(many!).toBeLessThan(1e-18);
    }
  });

  it.each([
    [{ clippingNorm: 0 }, 'clippingNorm'],
    [{ noiseMultiplier: 0 }, 'noiseMultiplier'],
    [{ privacyUnit: 'example', samplingRate: 0 }, 'samplingRate'],
    [{ localSteps: 1.5 }, 'localSteps'],
    [{ length: 0 }, 'length'],
    [{ exampleCap: 0 }, 'exampleCap'],
  ] as const)('refuses %o by name', (change, name) => {
    expect(() => plannedRelease({ ...base, ...change })).toThrow(name);
  });
});

describe('guarantees', () => {
  it('gives the rows of the design tables: z = 4, T = 50 and z = 8, T = 20 against ten others', () => {
    const first = guarantees(plan);
    expect(first.hub).toBeCloseTo(8.6, 2);
    expect(first.broadcast).toBeCloseTo(2.26, 2);
    expect(first.broadcastProof).toBe('proven');
    const stronger = plannedRelease({ ...base, noiseMultiplier: 8 });
    const hundred = guarantees({ ...plan, planned: stronger, rounds: 20, minimumClients: 101 });
    expect(hundred.hub).toBeCloseTo(2.26, 2);
    expect(hundred.broadcast).toBeCloseTo(0.18, 2);
  });

  it('holds for one zeroth-order step a round with Gaussian noise, not for several, not for Laplace noise', () => {
    const step = { ...base, privacyUnit: 'example', length: 16, localSteps: 1 } as const;
    const scalars = (settings: Parameters<typeof plannedRelease>[0]) =>
      guarantees({ ...plan, planned: plannedRelease(settings) });
    const one = scalars(step);
    expect(one.broadcastProof).toBe('proven');
    // Ten other contributors: √10 times the noise.
    expect(one.broadcast).toBeCloseTo(exactGaussianEpsilon(4 * Math.sqrt(10), 50, 1e-5), 4);
    expect(scalars({ ...step, localSteps: 10 }).broadcastProof).toBe('several-steps');
    const laplace = scalars({ ...step, noise: 'laplace' });
    expect(laplace.broadcastProof).not.toBe('proven');
    expect(laplace.broadcast).toBe(laplace.hub);
  });

  it('counts the other clients only: whoever takes part knows her own noise', () => {
    const { broadcast } = guarantees(plan);
    expect(broadcast).toBeCloseTo(exactGaussianEpsilon(4 * Math.sqrt(10), 50, 1e-5), 4);
  });

  it.each([
    [{ hasLinearUpload: false }, 'nonlinear-upload'],
    [{ minimumClients: 2 }, 'too-few-clients'],
    [{ minimumClients: 1 }, 'too-few-clients'],
    [{ planned: plannedRelease({ ...base, privacyUnit: 'example' }) }, 'several-steps'],
    [
      { planned: { event: { ...planned.event, kind: 'discrete-gaussian' }, count: 1 } },
      'other-noise',
    ],
  ] as const)('claims nothing for outsiders with %o', (change, broadcastProof) => {
    const { hub, ...outside } = guarantees({ ...plan, ...change });
    expect(outside).toEqual({ broadcast: hub, broadcastProof });
  });

  it('costs nothing to whoever took part in no round', () => {
    expect(guarantees({ ...plan, rounds: 0 })).toMatchObject({ hub: 0, broadcast: 0 });
  });

  it('never claims more for outsiders than for the hub where it proves a gain, and grows with rounds', () => {
    const cases = fc.record({
      noiseMultiplier: fc.double({ min: 0.5, max: 50, noNaN: true }),
      rounds: fc.integer({ min: 1, max: 500 }),
      minimumClients: fc.integer({ min: 1, max: 1_000 }),
    });
    fc.assert(
      fc.property(cases, ({ noiseMultiplier, rounds, minimumClients }) => {
        const shared = plannedRelease({ ...base, noiseMultiplier });
        const now = guarantees({ ...plan, planned: shared, rounds, minimumClients });
        const next = guarantees({ ...plan, planned: shared, rounds: rounds + 1, minimumClients });
        expect(now.broadcast).toBeLessThanOrEqual(now.hub);
        expect(next.hub).toBeGreaterThanOrEqual(now.hub);
        expect(next.broadcast).toBeGreaterThanOrEqual(now.broadcast);
      }),
    );
  });

  it('adds up the sampler failures of all shares', () => {
    const event = { ...planned.event, samplerFailure: 1e-20 };
    const outside = broadcastRelease({ ...plan, planned: { event, count: 1 } });
    expect(outside.event.samplerFailure).toBeCloseTo(11e-20, 30);
    expect(outside.event.noiseMultiplier).toBeCloseTo(4 * Math.sqrt(10), 12);
  });
});

/** Probabilities of −reach … reach for the sum of `shares` rounded Gaussians, by convolution. */
function sumOfRounded(sigma: number, shares: number, reach: number): Float64Array {
  const one = new Float64Array(2 * reach + 1);
  for (let k = -reach; k <= reach; k += 1) {
    // The tail on the far side keeps its digits.
    const m = Math.abs(k);
    one[k + reach] = normalCdf(-(m - 0.5) / sigma) - normalCdf(-(m + 0.5) / sigma);
  }
  let sum: Float64Array = one;
  for (let share = 1; share < shares; share += 1) {
    const next = new Float64Array(one.length);
    for (let a = 0; a < one.length; a += 1) {
      for (let b = 0; b < one.length; b += 1) {
        const at = a + b - reach;
        if (at >= 0 && at < next.length) next[at]! += sum[a]! * one[b]!;
      }
    }
    sum = next;
  }
  return sum;
}

/** δ at ε between a distribution on integers and itself moved by `shift`. */
function deltaOfShift(probabilities: Float64Array, shift: number, epsilon: number): number {
  let delta = 0;
  for (let at = 0; at < probabilities.length; at += 1) {
    const moved = probabilities[at - shift] ?? 0;
    delta += Math.max(0, probabilities[at]! - Math.exp(epsilon) * moved);
  }
  return delta;
}

describe('a sum of rounded Gaussians', () => {
  const epsilons = [0, 0.1, 0.5, 1, 2, 4];

  it.each([
    [4, 3, 5],
    [4, 5, 20],
    [6, 2, 1],
  ])(
    'of σ = %d and %d shares hides a shift of %d as one Gaussian of √n times the σ',
    (sigma, n, shift) => {
      const sum = sumOfRounded(sigma, n, 150);
      for (const epsilon of epsilons) {
        const gaussian = exactGaussianDelta((sigma * Math.sqrt(n)) / shift, 1, epsilon);
        expect(deltaOfShift(sum, shift, epsilon)).toBeLessThanOrEqual(gaussian + 1e-13);
      }
    },
  );

  it('would not on a grid too coarse: the floor under the noise is needed', () => {
    const [sigma, n] = [0.12, 3];
    const sum = sumOfRounded(sigma, n, 20);
    const broken = epsilons.some(
      (epsilon) =>
        deltaOfShift(sum, 1, epsilon) > exactGaussianDelta(sigma * Math.sqrt(n), 1, epsilon) + 1e-6,
    );
    expect(broken).toBe(true);
  });
});
