import { describe, expect, it } from 'vitest';
import { rdpOrders } from './rdp.ts';
import { skellamDivergence } from './skellam-divergence.ts';
import { skellamRdpBound, skellamRdpCurve } from './skellam-rdp.ts';

/** Divergence with the masses as Σ_j Poisson(j)·Poisson(j + k), the definition. */
function byConvolution(variance: number, shift: number, order: number): number {
  const poisson = [Math.exp(-variance / 2)];
  for (let k = 1; k < 400; k += 1) poisson.push((poisson[k - 1]! * variance) / 2 / k);
  const mass = (k: number): number => {
    let sum = 0;
    for (let j = 0; j + Math.abs(k) < 400; j += 1) sum += poisson[j]! * poisson[j + Math.abs(k)]!;
    return sum;
  };
  let moment = 0;
  for (let k = -60; k <= 90; k += 1) {
    moment += Math.exp(order * Math.log(mass(k - shift)) + (1 - order) * Math.log(mass(k)));
  }
  return Math.log(moment) / (order - 1);
}

describe('skellamDivergence', () => {
  it('meets the convolution of two Poisson distributions', () => {
    for (const [variance, shift, order] of [
      [2, 1, 1.5],
      [4, 2, 3],
      [20, 3, 4.5],
    ] as const) {
      const value = skellamDivergence(Math.sqrt(variance), shift, order);
      expect(Math.abs(value / byConvolution(variance, shift, order) - 1)).toBeLessThan(1e-10);
    }
  });

  it('is 0 without a shift', () => {
    expect(Math.abs(skellamDivergence(3, 0, 2))).toBeLessThan(1e-12);
  });
});

describe('skellamRdpCurve', () => {
  it('lies above the true divergence at every order, fractional ones included', () => {
    for (const [noiseStddev, shift] of [
      [1, 1],
      [2, 3],
      [10, 2],
    ] as const) {
      const release = { noiseStddev, l2Sensitivity: shift, l1Sensitivity: shift };
      const curve = skellamRdpCurve(release);
      for (const order of [1.1, 1.5, 2, 3.3, 10.9, 30]) {
        const truth = skellamDivergence(noiseStddev, shift, order);
        expect(curve[rdpOrders.indexOf(order)]!).toBeGreaterThanOrEqual(truth);
      }
    }
  });

  it('approaches the Gaussian a·D₂²/(2μ) under much noise', () => {
    const release = { noiseStddev: 1e4, l2Sensitivity: 100, l1Sensitivity: 1000 };
    const curve = skellamRdpCurve(release);
    const gaussian = (8 * 100 ** 2) / (2 * 1e8);
    expect(Math.abs(curve[rdpOrders.indexOf(8)]! / gaussian - 1)).toBeLessThan(1e-3);
  });

  it('refuses orders that the theorem does not cover', () => {
    const release = { noiseStddev: 1, l2Sensitivity: 1, l1Sensitivity: 1 };
    expect(() => skellamRdpBound(release, 2.5)).toThrow(
      'order must be an integer of at least 2, got 2.5',
    );
  });
});
