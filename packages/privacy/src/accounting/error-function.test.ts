import { describe, expect, it } from 'vitest';
import { erfc, erfcx, logErfc, normalCdf } from './error-function.ts';

describe('error function', () => {
  it('meets tabulated values (Abramowitz and Stegun 7.1, DLMF 7.23)', () => {
    const table = [
      [0, 1],
      [0.5, 0.4795001221869535],
      [1, 0.15729920705028513],
      [1.5, 0.033894853524689274],
      [2, 0.004677734981047266],
      [3, 2.209049699858544e-5],
      [5, 1.537459794428035e-12],
      [10, 2.0884875837625446e-45],
    ] as const;
    for (const [x, value] of table) expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(2e-14);
  });

  it('mirrors: erfc(−x) = 2 − erfc(x)', () => {
    for (const x of [0.1, 1, 1.6, 4]) expect(erfc(-x)).toBe(2 - erfc(x));
  });

  it('joins its two branches without a step', () => {
    const step = erfc(1.5) - erfc(1.5 + 1e-12);
    const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-2.25);
    expect(Math.abs(step - slope * 1e-12)).toBeLessThan(1e-15);
  });

  it('has a finite logarithm where the value underflows', () => {
    expect(erfc(40)).toBe(0);
    // ln erfc(x) → −x² − ln(x√π) − 1/(2x²)
    const asymptotic = -1600 - Math.log(40 * Math.sqrt(Math.PI)) - 1 / 3200;
    expect(Math.abs(logErfc(40) - asymptotic)).toBeLessThan(1e-6);
    expect(logErfc(-40)).toBeCloseTo(Math.LN2, 14);
  });

  it('scales: erfcx(x)·e^(−x²) = erfc(x)', () => {
    for (const x of [-2, 0.3, 1.4, 1.6, 6]) {
      expect(Math.abs((erfcx(x) * Math.exp(-x * x)) / erfc(x) - 1)).toBeLessThan(1e-13);
    }
  });

  it('puts 97.5 % of the normal below 1.96', () => {
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
  });
});
