import { describe, expect, it } from 'vitest';
import { forwardFft, inverseFft, mirrored } from './fft.ts';

function reversedBits(index: number, bits: number): number {
  let reversed = 0;
  for (let i = 0; i < bits; i += 1) if ((index >> i) & 1) reversed |= 1 << (bits - 1 - i);
  return reversed;
}

const samples = (length: number, rate: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(rate * i * i + i));

describe('fast Fourier transform', () => {
  it('meets the sum that defines it, coefficient k at the bit-reversed index of k', () => {
    for (const bits of [0, 1, 3, 6]) {
      const length = 2 ** bits;
      const x = samples(length, 0.7);
      const y = samples(length, 1.3);
      const re = x.slice();
      const im = y.slice();
      forwardFft(re, im);
      for (let k = 0; k < length; k += 1) {
        let sumRe = 0;
        let sumIm = 0;
        for (let n = 0; n < length; n += 1) {
          const angle = (-2 * Math.PI * k * n) / length;
          sumRe += x[n]! * Math.cos(angle) - y[n]! * Math.sin(angle);
          sumIm += x[n]! * Math.sin(angle) + y[n]! * Math.cos(angle);
        }
        const p = reversedBits(k, bits);
        expect(Math.hypot(re[p]! - sumRe, im[p]! - sumIm)).toBeLessThan(1e-12);
      }
    }
  });

  it('comes back to the samples, in order, to the last digits', () => {
    const re = samples(2 ** 12, 0.3);
    const im = samples(2 ** 12, 0.9);
    const x = re.slice();
    const y = im.slice();
    forwardFft(re, im);
    inverseFft(re, im);
    for (let i = 0; i < re.length; i += 1) {
      expect(Math.hypot(re[i]! - x[i]!, im[i]! - y[i]!)).toBeLessThan(2e-15);
    }
  });

  it('finds the coefficient of −k', () => {
    for (let k = 0; k < 32; k += 1) {
      expect(mirrored(reversedBits(k, 5))).toBe(reversedBits((32 - k) % 32, 5));
    }
  });

  it('refuses lengths that are no power of two or differ', () => {
    expect(() => {
      forwardFft(new Float64Array(6), new Float64Array(6));
    }).toThrow('a power of two, got 6 and 6');
    expect(() => {
      inverseFft(new Float64Array(4), new Float64Array(8));
    }).toThrow('got 4 and 8');
  });
});
