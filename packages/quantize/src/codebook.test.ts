import { seededRandom, uniform } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codebookByteLength, decodeCodebook, encodeCodebook } from './codebook.ts';
import type { CodebookBits } from './codebook.ts';

const widths: readonly CodebookBits[] = [1, 2, 3, 4];
const normals = (count: number): Float32Array => {
  const random = seededRandom('codebook');
  const one = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
  return Float32Array.from({ length: count }, one);
};
const relativeError = (values: Float32Array, codebookBits: CodebookBits, blockSize: number) => {
  const settings = { codebookBits, blockSize };
  const decoded = decodeCodebook(encodeCodebook(values, settings), {
    ...settings,
    length: values.length,
  });
  let error = 0;
  let total = 0;
  values.forEach((value, i) => {
    error += (decoded[i]! - value) ** 2;
    total += value ** 2;
  });
  return Math.sqrt(error / total);
};

describe('the codebook quantizer', () => {
  it('has on normal values the relative errors of its codebooks, within 2 %', () => {
    // An independent quantizer measured .714 .556 .202 .092 at block 64 and .807 .631 .218 .099 at block 256.
    const values = normals(2 ** 17);
    for (const [blockSize, errors] of [
      [64, [0.714, 0.556, 0.202, 0.092]],
      [256, [0.807, 0.631, 0.218, 0.099]],
    ] as const) {
      widths.forEach((width, i) => {
        const measured = relativeError(values, width, blockSize);
        expect(Math.abs(measured / errors[i]! - 1), `w ${width} block ${blockSize}`).toBeLessThan(
          0.02,
        );
      });
    }
  });

  it('takes w + 16/block bits per value, 2.25 for w = 1 and 2 at block 64', () => {
    const bitsPerValue = widths.map(
      (codebookBits) => (8 * codebookByteLength(6_400, { codebookBits, blockSize: 64 })) / 6_400,
    );
    expect(bitsPerValue).toEqual([2.25, 2.25, 3.25, 4.25]);
    // At w = 2 that is 14.1 % of 16-bit floats.
    expect(2.25 / 16).toBeLessThan(0.16);
  });

  it('gives back entries that lie nearest, and zero blocks as zeros, for any vector', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { maxLength: 70 }),
        fc.constantFrom(...widths),
        fc.integer({ min: 1, max: 20 }),
        (numbers, codebookBits, blockSize) => {
          const values = Float32Array.from(numbers);
          const settings = { codebookBits, blockSize };
          const bytes = encodeCodebook(values, settings);
          expect(bytes.length).toBe(codebookByteLength(values.length, settings));
          const decoded = decodeCodebook(bytes, { ...settings, length: values.length });
          values.forEach((value, i) => {
            const from = i - (i % blockSize);
            const block = values.subarray(from, from + blockSize);
            const largest = block.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
            // Codebook gaps are at most 1, so half a gap of the (rounded-up) scale bounds the error.
            const bound = 0.5 * largest * 1.001 + 1e-7;
            expect(Math.abs(decoded[i]! - value)).toBeLessThanOrEqual(bound);
            if (largest === 0) expect(decoded[i]).toBe(0);
          });
        },
      ),
    );
  });

  it('refuses wrong lengths, foreign scales, indices beyond the codebook and set spare bits', () => {
    const settings = { codebookBits: 1, blockSize: 4, length: 3 } as const;
    const bytes = encodeCodebook(Float32Array.of(1, -1, 0), settings);
    const changed = (index: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[index] = value;
      return copy;
    };
    expect(() => decodeCodebook(bytes.subarray(1), settings)).toThrow('3 bytes');
    expect(() => decodeCodebook(changed(1, 0x7c), settings)).toThrow('finite');
    expect(() => decodeCodebook(changed(2, 3), settings)).toThrow('index 0 must be < 3');
    expect(() => decodeCodebook(changed(2, 0x40), settings)).toThrow('bits after the last');
    expect(() => encodeCodebook(Float32Array.of(Number.NaN), settings)).toThrow('must be in');
  });
});
