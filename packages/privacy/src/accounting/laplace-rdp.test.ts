import { describe, expect, it } from 'vitest';
import { laplaceRdp } from './laplace-rdp.ts';

/** ∫ p^a q^(1−a) of Laplace densities at 0 and 1, in the three pieces where both exponents are linear. */
function integrated(scale: number, order: number): number {
  const cells = 20_000;
  let middle = 0; // Simpson on [0, 1]: p = e^(−x/b), q = e^(−(1−x)/b)
  for (let i = 0; i <= cells; i += 1) {
    const x = i / cells;
    const weight = i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2;
    middle += (weight / (3 * cells)) * Math.exp((-order * x - (1 - order) * (1 - x)) / scale);
  }
  const left = scale * Math.exp((order - 1) / scale);
  const right = scale * Math.exp(-order / scale);
  return Math.log((left + middle + right) / (2 * scale)) / (order - 1);
}

describe('laplaceRdp', () => {
  it('meets numerical integration', () => {
    for (const scale of [0.5, 2, 10]) {
      for (const order of [1.1, 2, 7.3, 40]) {
        expect(Math.abs(laplaceRdp(scale, order) / integrated(scale, order) - 1)).toBeLessThan(
          1e-9,
        );
      }
    }
  });

  it('never exceeds the pure ε = 1/b, and reaches it at large orders', () => {
    expect(laplaceRdp(2, 1e9)).toBeLessThanOrEqual(0.5);
    expect(laplaceRdp(2, 1e9)).toBeGreaterThan(0.5 - 1e-8);
  });

  it('keeps its digits under much noise: a/(2b²) to first order', () => {
    expect(Math.abs(laplaceRdp(1e6, 2) / 1e-12 - 1)).toBeLessThan(1e-5);
  });

  it('joins its two formulas without a step', () => {
    const order = 5;
    const below = laplaceRdp(10 * (1 + 1e-12), order); // a/b just under ½
    const above = laplaceRdp(10 * (1 - 1e-12), order);
    expect(Math.abs(above / below - 1)).toBeLessThan(1e-10);
  });

  it('is infinite without noise and refuses orders that are not above 1', () => {
    expect(laplaceRdp(0, 2)).toBe(Infinity);
    expect(() => laplaceRdp(1, 1)).toThrow('order must be above 1, got 1');
  });
});
