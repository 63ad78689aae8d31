import { describe, expect, it } from 'vitest';
import { rdpOrders } from './rdp.ts';
import { withoutReplacementRdpCurve } from './wor-rdp.ts';

/** Divergence of the two mixtures that one replaced example of m in n makes, by the trapezoid rule. */
function replacedDivergence(q: number, sigma: number, order: number): number {
  let sum = 0;
  const width = sigma / 200;
  for (let x = -30 * sigma; x < order + 30 * sigma; x += width) {
    const ratio = 1 - q + q * Math.exp((2 * x - 1) / (2 * sigma ** 2));
    sum += ratio ** order * Math.exp(-(x * x) / (2 * sigma ** 2)) * width;
  }
  return Math.log(sum / (sigma * Math.sqrt(2 * Math.PI))) / (order - 1);
}

describe('withoutReplacementRdpCurve', () => {
  it('is ln(1 + q²·min(4(e^(1/σ²) − 1), 2e^(1/σ²))) at order 2', () => {
    for (const [q, sigma] of [
      [0.1, 4], // 4(e^(1/16) − 1) = .258 is the smaller member
      [0.3, 0.7], // 2e^(1/.49) = 15.4 is
    ] as const) {
      const precision = 1 / sigma ** 2;
      const moment = Math.min(4 * (Math.exp(precision) - 1), 2 * Math.exp(precision));
      const value = withoutReplacementRdpCurve(q, sigma)[9]!;
      expect(rdpOrders[9]).toBe(2);
      expect(Math.abs(value / Math.log(1 + q * q * moment) - 1)).toBeLessThan(1e-12);
    }
  });

  it('meets the alternating sums where these still have their digits', () => {
    // Order 4, σ 1: B(2) = e − 1, B(4) = 1 − 4 + 6e − 4e³ + e⁶
    const e = Math.E;
    const b2 = e - 1;
    const b4 = e ** 6 - 4 * e ** 3 + 6 * e - 3;
    const q = 0.1;
    const moment =
      1 +
      6 * q ** 2 * Math.min(4 * b2, 2 * e) +
      4 * q ** 3 * Math.min(4 * Math.sqrt(b2 * b4), 2 * e ** 3) +
      q ** 4 * Math.min(4 * b4, 2 * e ** 6);
    const value = withoutReplacementRdpCurve(q, 1)[rdpOrders.indexOf(4)]!;
    expect(Math.abs(value / (Math.log(moment) / 3) - 1)).toBeLessThan(1e-12);
  });

  it('lies above the true divergence of a pair of samples that differ in one example', () => {
    for (const [q, sigma] of [
      [0.5, 2],
      [0.1, 1],
      [0.02, 4],
    ] as const) {
      const curve = withoutReplacementRdpCurve(q, sigma);
      for (const order of [1.5, 2, 3.3, 8]) {
        const truth = replacedDivergence(q, sigma, order);
        expect(curve[rdpOrders.indexOf(order)]!).toBeGreaterThanOrEqual(truth);
      }
    }
  });

  it('is the Gaussian curve where everybody is drawn, 0 where nobody is, infinite without noise', () => {
    expect(withoutReplacementRdpCurve(1, 2)[rdpOrders.indexOf(8)]).toBe(1); // 8/(2·4)
    expect([...withoutReplacementRdpCurve(0, 2)].every((rdp) => rdp === 0)).toBe(true);
    expect([...withoutReplacementRdpCurve(0.5, 0)].every((rdp) => rdp === Infinity)).toBe(true);
  });

  it('is finite or infinite, never NaN, from almost no noise to a lot of it', () => {
    for (const sigma of [1e-200, 1e-3, 0.1, 0.3, 30, 1e4, 1e200]) {
      const curve = withoutReplacementRdpCurve(0.1, sigma);
      expect([...curve].every((rdp) => rdp >= 0)).toBe(true);
    }
  });
});
