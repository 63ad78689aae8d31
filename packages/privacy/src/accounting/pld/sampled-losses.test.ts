import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossMasses } from './loss-masses.ts';
import { gaussianPair, laplacePair } from './loss-pair.ts';
import { deltaOfLosses } from './loss-query.ts';
import { sampledGaussianDelta } from './one-step-delta.ts';
import { sampledLosses } from './sampled-losses.ts';

const MAX_BINS = 2 ** 20;

/** Probability of the finite losses under the other neighbor: Σ mass·e^−loss. */
const otherProbability = ({ step, start, masses }: LossMasses): number =>
  masses.reduce((sum, mass, i) => sum + mass * Math.exp(-(start + i) * step), 0);
const total = ({ masses, infinityMass }: LossMasses): number =>
  masses.reduce((sum, mass) => sum + mass, infinityMass);

describe('sampledLosses', () => {
  it('are probabilities under both neighbors', () => {
    for (const [q, sigma] of [
      [0.01, 1],
      [0.3, 0.5],
      [1, 3],
    ] as const) {
      const { remove, add } = sampledLosses(gaussianPair(sigma), q, 1e-3, MAX_BINS);
      for (const direction of [remove, add]) {
        expect(Math.abs(total(direction) - 1)).toBeLessThan(1e-13);
        expect(Math.abs(otherProbability(direction) - 1)).toBeLessThan(1e-9);
        expect(direction.masses.every((mass) => mass >= 0)).toBe(true);
        expect(direction.infinityMass).toBeLessThan(1e-22);
      }
    }
  });

  it('have the exact δ on grid points and at least that between them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.005, max: 1, noNaN: true }),
        fc.double({ min: 0.4, max: 6, noNaN: true }),
        fc.integer({ min: -30, max: 200 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (q, sigma, index, between) => {
          const step = 0.01;
          const { remove, add } = sampledLosses(gaussianPair(sigma), q, step, MAX_BINS);
          const at = sampledGaussianDelta(q, sigma, index * step);
          expect(Math.abs(deltaOfLosses(remove, index * step) - at.remove)).toBeLessThan(1e-13);
          expect(Math.abs(deltaOfLosses(add, index * step) - at.add)).toBeLessThan(1e-13);
          const epsilon = (index + between) * step;
          const truth = sampledGaussianDelta(q, sigma, epsilon);
          expect(deltaOfLosses(remove, epsilon)).toBeGreaterThan(truth.remove - 1e-15);
          expect(deltaOfLosses(add, epsilon)).toBeGreaterThan(truth.add - 1e-15);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keep the digits of the tails', () => {
    // 6 standard deviations out: δ ≈ 1e-10, with ten digits.
    const { remove } = sampledLosses(gaussianPair(4), 0.1, 1e-4, MAX_BINS);
    const truth = sampledGaussianDelta(0.1, 4, 0.31).remove;
    expect(truth).toBeLessThan(1e-7);
    expect(Math.abs(deltaOfLosses(remove, 0.31) / truth - 1)).toBeLessThan(1e-9);
  });

  it('of Laplace noise meet δ = 1 − e^((ε − 1/b)/2), sampled by amplification', () => {
    const scale = 2;
    const whole = sampledLosses(laplacePair(scale), 1, 0.01, MAX_BINS);
    const sampled = sampledLosses(laplacePair(scale), 0.2, 0.01, MAX_BINS);
    for (const epsilon of [0, 0.05, 0.1]) {
      const exact = (e: number): number => -Math.expm1((e - 1 / scale) / 2);
      expect(Math.abs(deltaOfLosses(whole.remove, epsilon) - exact(epsilon))).toBeLessThan(1e-13);
      expect(Math.abs(deltaOfLosses(whole.add, epsilon) - exact(epsilon))).toBeLessThan(1e-13);
      const unsampled = Math.log1p(Math.expm1(epsilon) / 0.2);
      const amplified = 0.2 * Math.max(0, exact(unsampled));
      expect(Math.abs(deltaOfLosses(sampled.remove, epsilon) - amplified)).toBeLessThan(1e-13);
    }
    expect(deltaOfLosses(whole.remove, 0.5)).toBeLessThan(1e-13);
  });

  it('are unbounded where the grid cannot hold them', () => {
    expect(sampledLosses(gaussianPair(0.01), 1, 1e-3, MAX_BINS).remove.infinityMass).toBe(1);
    expect(sampledLosses(gaussianPair(1), 1, 1e-3, 100).add.infinityMass).toBe(1);
  });
});
