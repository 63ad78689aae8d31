import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rdpAtOrder, rdpCurve, rdpOrders } from './rdp.ts';

/** Rényi divergence of (1−q)N(0,σ²) + qN(1,σ²) from N(0,σ²) by the trapezoid rule on a wide, fine grid. */
function rdpByQuadrature(q: number, sigma: number, order: number): number {
  const start = -40 * sigma;
  const end = order + 40 * sigma;
  const cells = 200_000;
  const width = (end - start) / cells;
  let sum = 0;
  for (let i = 0; i <= cells; i += 1) {
    const x = start + i * width;
    const ratio = 1 - q + q * Math.exp((2 * x - 1) / (2 * sigma * sigma));
    sum += Math.exp(order * Math.log(ratio) - (x * x) / (2 * sigma * sigma));
  }
  return Math.log((sum * width) / (sigma * Math.sqrt(2 * Math.PI))) / (order - 1);
}

describe('rdpCurve', () => {
  it('has one value for each of the 156 orders', () => {
    expect(rdpOrders).toHaveLength(156);
    expect([rdpOrders[0], rdpOrders[98], rdpOrders[99], rdpOrders[155]]).toEqual([
      1.1, 10.9, 11, 1024,
    ]);
    expect(rdpCurve(0.1, 2)).toHaveLength(156);
  });

  it('meets numerical integration at integer orders', () => {
    for (const [q, sigma, order] of [
      [0.01, 1, 2],
      [0.1, 2, 8],
      [0.5, 4, 17],
      [0.9, 1.5, 5],
    ] as const) {
      const reference = rdpByQuadrature(q, sigma, order);
      expect(Math.abs(rdpAtOrder(q, sigma, order) / reference - 1)).toBeLessThan(1e-9);
    }
  });

  it('lies above numerical integration at fractional orders, by at most 5 %', () => {
    for (const [q, sigma, order] of [
      [0.01, 1, 1.5],
      [0.1, 2, 2.2],
      [0.5, 1, 3.3],
      [0.05, 3, 10.9],
    ] as const) {
      const relative = rdpAtOrder(q, sigma, order) / rdpByQuadrature(q, sigma, order) - 1;
      expect(relative).toBeGreaterThan(-1e-9);
      expect(relative).toBeLessThan(0.05);
    }
  });

  it('is a/(2σ²) without subsampling, 0 without data and infinite without noise', () => {
    expect(rdpAtOrder(1, 2, 8)).toBe(8 / (2 * 4));
    expect(rdpAtOrder(0, 2, 8)).toBe(0);
    expect(rdpAtOrder(0.5, 0, 8)).toBe(Infinity);
  });

  it('skips, as infinite, the orders whose series does not settle in a thousand terms', () => {
    // q = ½: the terms fall like i^−(a+1) until i is near σ, so a thousand are too few.
    expect(rdpAtOrder(0.5, 1e6, 1.1)).toBe(Infinity);
    expect(rdpAtOrder(0.5, 1e6, 2)).toBeLessThan(1e-11);
    const extreme = rdpCurve(1e-300, 1e-3);
    expect(extreme.some((rdp) => Number.isNaN(rdp) || rdp < 0)).toBe(false);
  });

  it('never falls with the rate and never rises with the noise', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        fc.double({ min: 0.5, max: 20, noNaN: true }),
        fc.integer({ min: 2, max: 40 }),
        (q, sigma, order) => {
          const rdp = rdpAtOrder(q, sigma, order);
          const slack = 1e-13 + 1e-12 * rdp;
          expect(rdpAtOrder(q * 1.1, sigma, order)).toBeGreaterThanOrEqual(rdp - slack);
          expect(rdpAtOrder(q, sigma * 1.1, order)).toBeLessThanOrEqual(rdp + slack);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses rates and multipliers out of range by name', () => {
    expect(() => rdpCurve(1.5, 1)).toThrow('samplingRate must be in [0, 1], got 1.5');
    expect(() => rdpCurve(Number.NaN, 1)).toThrow('samplingRate');
    expect(() => rdpCurve(0.5, -1)).toThrow(
      'noiseMultiplier must be finite and at least 0, got -1',
    );
  });
});
