import { halfToFloat } from '@roundtable/linalg';
import { gaussian, seededRandom } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeNearest, quantizeStochastic } from './quantize.ts';
import type { Bits } from './tensor.ts';
import { dequantize, readCode } from './tensor.ts';

const anyValues = fc
  .array(fc.float({ min: -65_504, max: 65_504, noNaN: true }), { maxLength: 70 })
  .map((values) => Float32Array.from(values));
const anySettings = fc.record({
  bits: fc.constantFrom<Bits>(4, 8),
  blockSize: fc.integer({ min: 1, max: 20 }),
});
const normals = (seed: string, length: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => gaussian(random));
};
const squares = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
const levels = { 4: 7, 8: 127 };

describe('scales', () => {
  it('cover each block and exceed its largest magnitude by at most one half-precision step', () => {
    fc.assert(
      fc.property(anyValues, anySettings, (values, settings) => {
        const { scales, blockSize } = quantizeNearest(values, settings);
        scales.forEach((bits, block) => {
          const part = values.subarray(block * blockSize, (block + 1) * blockSize);
          const largest = Math.max(...part.map(Math.abs));
          expect(halfToFloat(bits)).toBeGreaterThanOrEqual(largest);
          if (bits > 0) expect(halfToFloat(bits - 1)).toBeLessThan(largest);
        });
      }),
    );
  });
});

describe('quantizeStochastic', () => {
  it('moves each value to one of the two codes around it', () => {
    fc.assert(
      fc.property(anyValues, anySettings, fc.string(), (values, settings, seed) => {
        const tensor = quantizeStochastic(values, settings, seededRandom(seed));
        const L = levels[settings.bits];
        values.forEach((x, i) => {
          const scale = halfToFloat(tensor.scales[Math.floor(i / settings.blockSize)]!);
          const code = readCode(tensor.codes, i, settings.bits);
          expect(Math.abs(code)).toBeLessThanOrEqual(L);
          expect(Math.abs(code * scale - x * L)).toBeLessThanOrEqual(scale);
        });
      }),
    );
  });

  it.each([4, 8] as const)(
    'is unbiased at %i bits: the mean of 4,000 draws is within five standard errors',
    (bits) => {
      const values = Float32Array.of(-1, -0.77, -0.3, -0.001, 0, 0.0301, 0.499, 0.731, 1, 0.9999);
      const random = seededRandom(`unbiased/${bits}`);
      const draws = 4_000;
      const sums = new Float64Array(values.length);
      for (let draw = 0; draw < draws; draw += 1) {
        const drawn = dequantize(quantizeStochastic(values, { bits, blockSize: 16 }, random));
        drawn.forEach((x, i) => {
          sums[i]! += x;
        });
      }
      values.forEach((x, i) => {
        // The draw is one of two neighbors a step 1/L apart: its deviation is step · √(f(1 − f)).
        const position = x * levels[bits];
        const fraction = position - Math.floor(position);
        const error = Math.sqrt((fraction * (1 - fraction)) / draws) / levels[bits];
        expect(Math.abs(sums[i]! / draws - x)).toBeLessThanOrEqual(5 * error + 1e-6);
      });
    },
  );

  // privacy.md 7.1: E‖Q(x) − x‖² ≤ Σ B·m²/(2^k − 1)² and, for Gaussian values and blocks of 64, .020 and .0001.
  it.each([
    [4, 0.02],
    [8, 0.0001],
  ] as const)(
    'keeps the error bound at %i bits, with a relative error near %d',
    (bits, expected) => {
      const values = normals('error', 64 * 2_048);
      const tensor = quantizeStochastic(values, { bits, blockSize: 64 }, seededRandom('coins'));
      const error = squares(dequantize(tensor).map((x, i) => x - values[i]!));
      let bound = 0;
      for (let start = 0; start < values.length; start += 64) {
        const largest = Math.max(...values.subarray(start, start + 64).map(Math.abs));
        bound += 64 * (largest / (2 ** bits - 1)) ** 2;
      }
      expect(error).toBeLessThan(bound);
      const relative = error / squares(values);
      expect(relative).toBeGreaterThan(expected * 0.6);
      expect(relative).toBeLessThan(expected * 1.3);
    },
  );

  it.each([NaN, Infinity, -Infinity, 65_505, -1e20])('refuses %d by place and value', (bad) => {
    const values = Float32Array.of(0, 1, bad);
    const settings = { bits: 8 as const, blockSize: 2 };
    const message = `values[2] must be in ±65504, got ${Math.fround(bad)}`;
    expect(() => quantizeStochastic(values, settings, seededRandom('x'))).toThrow(message);
    expect(() => quantizeNearest(values, settings)).toThrow(message);
  });

  it('refuses other widths and block sizes', () => {
    const quantize = (bits: number, blockSize: number) => () =>
      quantizeNearest(new Float32Array(1), { bits: bits as Bits, blockSize });
    expect(quantize(3, 64)).toThrow('bits must be 4 or 8, got 3');
    expect(quantize(4, 0)).toThrow('blockSize must be an integer in 1 … 65535, got 0');
    expect(quantize(4, 1.5)).toThrow('got 1.5');
    expect(quantize(8, 65_536)).toThrow('got 65536');
  });
});

describe('quantizeNearest', () => {
  it('errs by at most half a step', () => {
    fc.assert(
      fc.property(anyValues, anySettings, (values, settings) => {
        const tensor = quantizeNearest(values, settings);
        const L = levels[settings.bits];
        values.forEach((x, i) => {
          const scale = halfToFloat(tensor.scales[Math.floor(i / settings.blockSize)]!);
          const code = readCode(tensor.codes, i, settings.bits);
          expect(Math.abs(code * scale - x * L)).toBeLessThanOrEqual(scale / 2 + 1e-9 * scale);
        });
      }),
    );
  });

  it('codes 1, −1, 0 and 0.5 at 4 bits as 7, −7, 0 and 4 (3.5 rounds up): bytes 0x97 and 0x40', () => {
    const { codes, scales } = quantizeNearest(Float32Array.of(1, -1, 0, 0.5), {
      bits: 4,
      blockSize: 4,
    });
    expect([...codes]).toEqual([0x97, 0x40]);
    expect([...scales]).toEqual([0x3c00]);
  });

  it('keeps zeros zero and an empty vector empty', () => {
    const settings = { bits: 4, blockSize: 3 } as const;
    expect(dequantize(quantizeNearest(new Float32Array(7), settings))).toEqual(new Float32Array(7));
    expect(dequantize(quantizeNearest(new Float32Array(0), settings))).toHaveLength(0);
  });

  it('keeps integers −127 … 127 at 8 bits under a scale of 127', () => {
    const values = Float32Array.from({ length: 255 }, (_, i) => i - 127);
    expect(dequantize(quantizeNearest(values, { bits: 8, blockSize: 255 }))).toEqual(values);
  });
});
