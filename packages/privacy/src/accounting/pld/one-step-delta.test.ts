import { describe, expect, it } from 'vitest';
import { exactGaussianDelta } from '../exact-gaussian.ts';
import { sampledGaussianDelta } from './one-step-delta.ts';

/** ∫ max(0, p − e^ε·p′) by the midpoint rule, of N(0, σ²) and (1 − q)N(0, σ²) + qN(1, σ²). */
function deltaByQuadrature(q: number, sigma: number, epsilon: number) {
  const width = 2e-4 * sigma;
  let remove = 0;
  let add = 0;
  for (let x = -14 * sigma; x < 1 + 14 * sigma; x += width) {
    const absent = Math.exp((-x * x) / (2 * sigma * sigma));
    const present = (1 - q) * absent + q * Math.exp(-((x - 1) ** 2) / (2 * sigma * sigma));
    remove += Math.max(0, present - Math.exp(epsilon) * absent) * width;
    add += Math.max(0, absent - Math.exp(epsilon) * present) * width;
  }
  const norm = sigma * Math.sqrt(2 * Math.PI);
  return { remove: remove / norm, add: add / norm };
}

describe('sampledGaussianDelta', () => {
  it('meets numerical integration in both directions, at negative ε as well', () => {
    for (const [q, sigma, epsilon] of [
      [0.1, 1, 0.5],
      [0.5, 2, 0.2],
      [0.9, 0.7, 1],
      [0.3, 1, -0.2],
      [0.3, 1, -0.5],
    ] as const) {
      const reference = deltaByQuadrature(q, sigma, epsilon);
      const { remove, add, delta } = sampledGaussianDelta(q, sigma, epsilon);
      expect(Math.abs(remove - reference.remove)).toBeLessThan(1e-7);
      expect(Math.abs(add - reference.add)).toBeLessThan(1e-7);
      expect(delta).toBe(Math.max(remove, add));
    }
  });

  it('is that of the Gaussian, in both directions, where nothing is sampled', () => {
    const { remove, add } = sampledGaussianDelta(1, 2, 0.7);
    expect(Math.abs(remove / exactGaussianDelta(2, 1, 0.7) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(add / remove - 1)).toBeLessThan(1e-13);
  });

  it('costs nothing to add beyond −ln(1 − q), and 1 − e^ε to remove below ln(1 − q)', () => {
    // 1 − q = ½: no output is more than twice as likely without the unit.
    expect(sampledGaussianDelta(0.5, 1, Math.log(2) + 1e-9).add).toBe(0);
    expect(sampledGaussianDelta(0.5, 1, -1).remove).toBeCloseTo(1 - Math.exp(-1), 15);
  });

  it('refuses a rate of 0', () => {
    expect(() => sampledGaussianDelta(0, 1, 1)).toThrow('samplingRate must be in (0, 1], got 0');
  });
});
