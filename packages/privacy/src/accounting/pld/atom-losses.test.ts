import { describe, expect, it } from 'vitest';
import { atomLosses, discreteGaussianAtoms, discreteLaplaceAtoms } from './atom-losses.ts';
import { deltaOfLosses } from './loss-query.ts';

/** Σ max(0, P(k) − e^ε·P(k − shift)) over the integers. */
function deltaBySum(weight: (k: number) => number, shift: number, epsilon: number): number {
  let total = 0;
  let sum = 0;
  for (let k = -400; k <= 400; k += 1) {
    total += weight(k);
    sum += Math.max(0, weight(k) - Math.exp(epsilon) * weight(k - shift));
  }
  return sum / total;
}

describe('atomLosses', () => {
  it('of discrete Laplace noise meet the sum over all outputs on grid points', () => {
    for (const [decay, sensitivity] of [
      [0.5, 1],
      [0.25, 4],
    ] as const) {
      const losses = atomLosses(discreteLaplaceAtoms(decay, sensitivity), 0, 0.25, 1_000);
      for (const epsilon of [0, 0.25, 0.75]) {
        const reference = deltaBySum((k) => Math.exp(-decay * Math.abs(k)), sensitivity, epsilon);
        expect(Math.abs(deltaOfLosses(losses.remove, epsilon) - reference)).toBeLessThan(1e-14);
      }
    }
  });

  it('of discrete Gaussian noise meet it too, and lie above it between grid points', () => {
    const sigma = 1.7;
    const { atoms, infinityMass } = discreteGaussianAtoms(sigma, 2);
    const losses = atomLosses(atoms, infinityMass, 0.1, 10_000);
    const weight = (k: number): number => Math.exp((-k * k) / (2 * sigma * sigma));
    expect(infinityMass).toBeLessThan(1e-30);
    expect(infinityMass).toBeGreaterThan(0);
    for (const epsilon of [0, 0.5, 2, 4.1]) {
      const reference = deltaBySum(weight, 2, epsilon);
      expect(Math.abs(deltaOfLosses(losses.add, epsilon) - reference)).toBeLessThan(1e-14);
      expect(deltaOfLosses(losses.add, epsilon + 0.05)).toBeGreaterThanOrEqual(
        deltaBySum(weight, 2, epsilon + 0.05) - 1e-15,
      );
    }
  });
});
