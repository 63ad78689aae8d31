import { describe, expect, it } from 'vitest';
import { exactGaussianEpsilon } from '../exact-gaussian.ts';
import { composeLosses, compositionSize, type CountedRelease } from './compose-losses.ts';
import { unprotectedLosses, type LossMasses } from './loss-masses.ts';
import { gaussianPair } from './loss-pair.ts';
import { deltaOfLosses, epsilonOfLosses } from './loss-query.ts';
import { lossWindow } from './loss-window.ts';
import { sampledLosses } from './sampled-losses.ts';

const STEP = 0.02;
const LONGEST = 2 ** 16;
const release = (q: number, sigma: number, count: number): CountedRelease => ({
  losses: sampledLosses(gaussianPair(sigma), q, STEP, LONGEST),
  count,
});
const composed = (releases: readonly CountedRelease[]) =>
  composeLosses(releases, compositionSize(releases, LONGEST));

/** Sum of two independent losses, term by term. */
function convolved(a: LossMasses, b: LossMasses): LossMasses {
  const masses = new Float64Array(a.masses.length + b.masses.length - 1);
  a.masses.forEach((x, i) => {
    b.masses.forEach((y, j) => (masses[i + j]! += x * y));
  });
  const infinityMass = a.infinityMass + b.infinityMass - a.infinityMass * b.infinityMass;
  return { step: a.step, start: a.start + b.start, masses, infinityMass };
}

describe('composeLosses', () => {
  it('meets convolution term by term, of equal and of different releases', () => {
    const first = release(0.2, 1, 3);
    const second = release(0.5, 2, 1);
    for (const direction of ['remove', 'add'] as const) {
      const one = first.losses[direction];
      const reference = convolved(convolved(convolved(one, one), one), second.losses[direction]);
      const { [direction]: result } = composed([first, second]);
      for (const epsilon of [0, 0.3, 1.01, 2]) {
        const difference = deltaOfLosses(result, epsilon) - deltaOfLosses(reference, epsilon);
        expect(Math.abs(difference)).toBeLessThan(5e-15);
      }
    }
  });

  it('keeps the probabilities of a hundred thousand releases', () => {
    const { remove, add } = composed([release(0.001, 4, 100_000)]);
    for (const { masses, infinityMass } of [remove, add]) {
      const total = masses.reduce((sum, mass) => sum + mass, 0);
      expect(Math.abs(total - 1)).toBeLessThan(1e-9);
      expect(infinityMass).toBeLessThan(1e-10);
    }
  });

  it('meets the exact Gaussian, from above', () => {
    const { remove, add } = composed([release(1, 10, 40)]);
    const exact = exactGaussianEpsilon(10, 40, 1e-5);
    for (const direction of [remove, add]) {
      const epsilon = epsilonOfLosses(direction, 1e-5);
      expect(epsilon).toBeGreaterThan(exact);
      expect(epsilon).toBeLessThan(exact * 1.01);
    }
  });

  it('gives infinity the infinity masses of all', () => {
    const risky = release(0.2, 1, 2);
    const remove = { ...risky.losses.remove, infinityMass: 0.1 };
    const result = composed([{ ...risky, losses: { ...risky.losses, remove } }]);
    // 1 − 0.9²
    expect(result.remove.infinityMass).toBeCloseTo(0.19, 12);
    expect(result.add.infinityMass).toBeLessThan(1e-12);
  });

  it('is unprotected with an unprotected release, and where the transform would grow too long', () => {
    const mixed = [release(0.2, 1, 2), { losses: unprotectedLosses(STEP), count: 1 }];
    expect(composed(mixed).remove.infinityMass).toBe(1);
    const many = [release(0.5, 0.5, 10_000)];
    expect(compositionSize(many, 2 ** 10)).toBeNull();
    expect(composeLosses(many, null).add.infinityMass).toBe(1);
  });
});

describe('lossWindow', () => {
  it('leaves out no more than its tail, on either side', () => {
    const losses = release(0.3, 1, 1).losses.remove;
    const twice = convolved(losses, losses);
    const tail = 1e-3;
    const { first, last } = lossWindow([{ losses, count: 2 }], tail);
    let below = 0;
    let above = 0;
    twice.masses.forEach((mass, i) => {
      if (twice.start + i < first) below += mass;
      if (twice.start + i > last) above += mass;
    });
    expect(below).toBeLessThanOrEqual(tail / 2);
    expect(above).toBeLessThanOrEqual(tail / 2);
    expect(last - first).toBeLessThan(twice.masses.length);
  });
});
