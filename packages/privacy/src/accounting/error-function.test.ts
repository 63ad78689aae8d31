import { describe, expect, it } from 'vitest';
import { erfc, erfcx, logErfc, normalCdf } from './error-function.ts';

/** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1)/(2n+1)!! (DLMF 7.6.2). */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(x²)·erfc(x) by its continued fraction (DLMF 7.9.2), from the tail up. */
function scaledErfcFraction(x: number): number {
  let value = x;
  for (let n = 400; n >= 1; n -= 1) value = x + n / 2 / value;
  return 1 / (Math.sqrt(Math.PI) * value);
}

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

  it('meets the power series and the continued fraction over its whole range', () => {
    for (let x = 0.01; x < 26; x += 0.037) {
      const reference = x < 1.5 ? 1 - erfSeries(x) : Math.exp(-x * x) * scaledErfcFraction(x);
      // The references themselves lose digits: 1 − erf to cancellation, e^(−x²) to the rounding of x².
      const tolerance = 1e-14 + x * x * 2.3e-16;
      expect(Math.abs(erfc(x) / reference - 1), `x ${x}`).toBeLessThan(tolerance);
    }
  });

  it('joins its branches without a step', () => {
    for (const x of [0.46875, 4]) {
      const step = erfc(x) - erfc(x + 1e-12);
      const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
      expect(Math.abs(step - slope * 1e-12)).toBeLessThan(1e-15);
    }
  });

  it('has its limits at infinity', () => {
    expect([erfc(Infinity), erfc(-Infinity), normalCdf(-Infinity)]).toEqual([0, 2, 0]);
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
