import { describe, expect, it } from 'vitest';
import {
  discreteGaussianRdpCurve,
  discreteGaussianSumGap,
  distributedDiscreteGaussianRdp,
  roundedSensitivity,
} from './discrete-gaussian-rdp.ts';
import { rdpOrders } from './rdp.ts';
import { zcdpSimpleEpsilon } from './zcdp.ts';

describe('discreteGaussianRdpCurve', () => {
  it('is a/(2z²), so infinite without noise', () => {
    expect(discreteGaussianRdpCurve(2)[rdpOrders.indexOf(8)]).toBe(1); // 8/(2·4)
    expect([...discreteGaussianRdpCurve(0)].every((rdp) => rdp === Infinity)).toBe(true);
  });
});

describe('distributedDiscreteGaussianRdp', () => {
  const sensitivity = roundedSensitivity({ norm: 100, dimension: 64, failure: 1e-12 });

  it('is the plain discrete Gaussian for one share', () => {
    const noise = { shares: 1, shareStddev: 50 };
    expect(discreteGaussianSumGap(noise)).toBe(0);
    const expected = (8 * sensitivity.l2Sensitivity ** 2) / (2 * 2500);
    const value = distributedDiscreteGaussianRdp(noise, sensitivity, 64, 8);
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-12);
  });

  it('falls as one over the number of shares while these are wide', () => {
    const of = (shares: number): number =>
      distributedDiscreteGaussianRdp({ shares, shareStddev: 50 }, sensitivity, 64, 8);
    expect(Math.abs((of(10) * 10) / of(1) - 1)).toBeLessThan(1e-12);
    expect(discreteGaussianSumGap({ shares: 1000, shareStddev: 4 })).toBeLessThan(1e-60);
  });
});

describe('roundedSensitivity', () => {
  it('meets the worked example: c 2000, d 147,456, β 1e-12 gives 2030.0; β e^(−½) gives 2013.7', () => {
    // 2000² + 36,864 + √(2 ln 1e12)·(2000 + 192) = 4,036,864 + 7.4338·2192 = 4,053,159
    const rare = roundedSensitivity({ norm: 2000, dimension: 147_456, failure: 1e-12 });
    expect(rare.l2Sensitivity).toBeCloseTo(Math.sqrt(4_053_159), 1);
    const usual = roundedSensitivity({ norm: 2000, dimension: 147_456, failure: Math.exp(-0.5) });
    expect(usual.l2Sensitivity).toBeCloseTo(Math.sqrt(4_036_864 + 2192), 6);
  });

  it('is never above c + √d, which holds without exception', () => {
    const { l2Sensitivity } = roundedSensitivity({ norm: 1, dimension: 4, failure: 1e-12 });
    expect(l2Sensitivity).toBe(3);
  });
});

describe('zcdpSimpleEpsilon', () => {
  it('is ρ + 2√(ρ ln(1/δ)): .5 + 2√(.5·ln 1e5) = 5.2985', () => {
    expect(zcdpSimpleEpsilon(0.5, 1e-5)).toBeCloseTo(0.5 + 2 * Math.sqrt(0.5 * 11.512925465), 9);
    expect(() => zcdpSimpleEpsilon(-1, 0.1)).toThrow('rho must be at least 0, got -1');
  });
});
