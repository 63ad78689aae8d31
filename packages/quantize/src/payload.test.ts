import { gaussian, seededRandom } from '@roundtable/random';
import fc from 'fast-check';
import { decodeCodebook, encodeCodebook } from './codebook.ts';
import { describe, expect, it } from 'vitest';
import { decodePayload, encodePayload, payloadByteLength } from './payload.ts';
import { quantizeNearest } from './quantize.ts';
import type { Bits } from './tensor.ts';
import { dequantize } from './tensor.ts';
import { decodeVector, encodeVector, vectorFileByteLength } from './vector-file.ts';

const random = seededRandom('payload');
const normals = (length: number) => Float32Array.from({ length }, () => gaussian(random));

describe('payloads', () => {
  it('give back the tensor and have the stated length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom<Bits>(4, 8),
        fc.integer({ min: 1, max: 40 }),
        (length, bits, blockSize) => {
          const tensor = quantizeNearest(normals(length), { bits, blockSize });
          const bytes = encodePayload(tensor);
          expect(bytes).toHaveLength(payloadByteLength(length, bits, blockSize));
          expect(decodePayload(bytes, { bits, blockSize, length })).toEqual(tensor);
        },
      ),
    );
  });

  it('are copied, so that later changes of the bytes do not reach the tensor, also from a Buffer', () => {
    const tensor = quantizeNearest(normals(10), { bits: 8, blockSize: 4 });
    const bytes = Buffer.from(encodePayload(tensor));
    const decoded = decodePayload(bytes, { bits: 8, blockSize: 4, length: 10 });
    bytes.fill(0);
    expect(decoded).toEqual(tensor);
  });

  it('take at most 1.05 × (parameters × bits / 8 + 2 bytes per scale)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 10_000_000 }),
        fc.constantFrom<Bits>(4, 8),
        fc.integer({ min: 16, max: 4_096 }),
        (length, bits, blockSize) => {
          const bound = 1.05 * ((length * bits) / 8 + 2 * Math.ceil(length / blockSize));
          // Rounding adds at most half a byte, which is below 5 % of the 10.5 bytes of 17 values.
          return payloadByteLength(length, bits, blockSize) <= bound;
        },
      ),
    );
  });

  const settings = { bits: 4, blockSize: 2, length: 3 } as const;
  const good = () => encodePayload(quantizeNearest(Float32Array.of(1, -1, 0.5), settings));

  it.each([
    ['an infinite scale', 1, 0x7c, /scale 0 must be finite and ≥ 0, got bits 0x7c00/],
    ['a NaN scale', 3, 0x7e, /scale 1 must be finite/],
    ['a negative scale', 1, 0xbc, /got bits 0xbc00/],
    ['the code −8', 4, 0x87, /code 1 must be in ±7, got -8/],
    ['a nibble behind the last code', 5, 0x17, /nibble after the last code/],
  ])('refuse %s', (_, at, byte, reason) => {
    const bytes = good();
    bytes[at] = byte;
    expect(() => decodePayload(bytes, settings)).toThrow(reason);
  });

  it('refuse the code −128, a missing byte, an added byte and an impossible length', () => {
    const bytes = Uint8Array.of(0, 0x3c, 0x80);
    expect(() => decodePayload(bytes, { bits: 8, blockSize: 4, length: 1 })).toThrow(/got -128/);
    expect(() => decodePayload(good().subarray(1), settings)).toThrow('must have 6 bytes, got 5');
    expect(() => decodePayload(new Uint8Array(7), settings)).toThrow('must have 6 bytes, got 7');
    expect(() => decodePayload(good(), { ...settings, length: -1 })).toThrow(/length must be/);
    expect(() => decodePayload(good(), { ...settings, length: 2 ** 40 })).toThrow(/bytes, got 6/);
  });

  it('decode to finite values or are refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
        try {
          return dequantize(decodePayload(bytes, settings)).every(Number.isFinite);
        } catch (error) {
          return error instanceof RangeError;
        }
      }),
    );
  });
});

describe('vector files', () => {
  it.each([
    ['fp16', 2 ** -11],
    ['q8', 0.5 / 127],
    ['q4', 0.5 / 7],
  ] as const)('give back %s within %d of the block maximum', (encoding, tolerance) => {
    const values = normals(1_001);
    const file = encodeVector(values, encoding, 64);
    expect(file).toHaveLength(vectorFileByteLength(1_001, encoding, 64));
    const read = decodeVector(file, encoding, 64, 1_001);
    read.forEach((x, i) => {
      const start = i - (i % 64);
      const largest = Math.max(...values.subarray(start, start + 64).map(Math.abs));
      expect(Math.abs(x - values[i]!)).toBeLessThanOrEqual(tolerance * largest * 1.001);
    });
  });

  it('are equal for equal values and survive a second coding unchanged in fp16', () => {
    const values = normals(100);
    const file = encodeVector(values, 'fp16', 64);
    expect(encodeVector(values, 'fp16', 64)).toEqual(file);
    expect(encodeVector(decodeVector(file, 'fp16', 64, 100), 'fp16', 64)).toEqual(file);
  });

  it('are refused when encoding, block size, length, magic or size differ', () => {
    const file = encodeVector(normals(10), 'q8', 16);
    const broken = (at: number) => file.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const decode = (bytes: Uint8Array) => () => decodeVector(bytes, 'q8', 16, 10);
    expect(decode(file)).not.toThrow();
    expect(() => decodeVector(file, 'q4', 16, 10)).toThrow(/must be q4.* header byte 5 differs/);
    expect(() => decodeVector(file, 'q8', 32, 10)).toThrow(/block size 32/);
    expect(() => decodeVector(file, 'q8', 16, 11)).toThrow(/11 values/);
    for (const at of [0, 3, 4]) expect(decode(broken(at))).toThrow(`header byte ${at} differs`);
    expect(decode(file.subarray(0, 5))).toThrow(/header byte 5 differs/);
    expect(decode(file.subarray(0, -1))).toThrow(/payload must have 12 bytes, got 11/);
  });

  it('refuse what fp16 cannot hold, on both ways', () => {
    expect(() => encodeVector(Float32Array.of(0, NaN), 'fp16', 16)).toThrow(/values\[1\].*NaN/);
    expect(() => encodeVector(Float32Array.of(7e4), 'fp16', 16)).toThrow(/±65504, got 70000/);
    const file = encodeVector(Float32Array.of(1), 'fp16', 16);
    file[13] = 0x7c;
    expect(() => decodeVector(file, 'fp16', 16, 1)).toThrow(/value 0 must be finite, got Infinity/);
    expect(() => decodeVector(file.subarray(0, 13), 'fp16', 16, 1)).toThrow(/2 bytes, got 1/);
  });

  it('carries a codebook of w bits: 12 bytes of header beyond the formula, and what the codebook says', () => {
    const values = Float32Array.from({ length: 640 }, (_, i) => Math.sin(i));
    for (const codebookBits of [1, 2, 3, 4] as const) {
      const encoding = `codebook-${codebookBits}` as const;
      const file = encodeVector(values, encoding, 64);
      const bitsPerValue = (codebookBits === 1 ? 2 : codebookBits) + 16 / 64;
      expect(file.length).toBe(12 + (640 * bitsPerValue) / 8);
      expect(file.length).toBe(vectorFileByteLength(640, encoding, 64));
      const settings = { codebookBits, blockSize: 64 };
      const direct = decodeCodebook(encodeCodebook(values, settings), { ...settings, length: 640 });
      expect(decodeVector(file, encoding, 64, 640)).toEqual(direct);
      expect(() => decodeVector(file, 'q4', 64, 640)).toThrow('must be q4');
    }
  });
});
