import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIntegers, encodeIntegers } from './integers.ts';
import type { BytesPerValue } from './integers.ts';

const widths: readonly BytesPerValue[] = [2, 3, 4];
const limitOf = (bytesPerValue: BytesPerValue): number => 2 ** (8 * bytesPerValue - 1);

/** Each width with integers that fit it, its ends among them. */
const fitting = fc.constantFrom(...widths).chain((bytesPerValue) => {
  const limit = limitOf(bytesPerValue);
  const value = fc.oneof(
    fc.integer({ min: -limit, max: limit - 1 }),
    fc.constantFrom(-limit, limit - 1, -1, 0, 1),
  );
  return fc.record({ bytesPerValue: fc.constant(bytesPerValue), values: fc.array(value) });
});

describe('integers on the wire', () => {
  it("lie as Node's Buffer writes them, and come back", () => {
    fc.assert(
      fc.property(fitting, ({ bytesPerValue, values }) => {
        const buffer = Buffer.alloc(values.length * bytesPerValue);
        values.forEach((value, i) => buffer.writeIntLE(value, i * bytesPerValue, bytesPerValue));
        const bytes = encodeIntegers(Int32Array.from(values), bytesPerValue);
        expect(bytes).toEqual(new Uint8Array(buffer));
        const maxMagnitude = limitOf(bytesPerValue);
        const { length } = values;
        const decoded = decodeIntegers(bytes, { bytesPerValue, length, maxMagnitude });
        expect([...decoded]).toEqual(values);
      }),
    );
  });

  it('are refused where they do not fit the width', () => {
    expect(() => encodeIntegers(Int32Array.of(0, 32_768), 2)).toThrow('values[1]');
    expect(() => encodeIntegers(Int32Array.of(-32_769), 2)).toThrow('values[0]');
    expect(() => encodeIntegers(Int32Array.of(8_388_608), 3)).toThrow('values[0]');
    expect(() => encodeIntegers(Int32Array.of(1), 1 as 2)).toThrow('bytesPerValue');
  });

  it('are refused beyond the largest magnitude that anybody honest sends, on either side', () => {
    for (const bytesPerValue of widths) {
      for (const value of [1_001, -1_001]) {
        const bytes = encodeIntegers(Int32Array.of(1_000, value), bytesPerValue);
        const settings = { bytesPerValue, length: 2, maxMagnitude: 1_000 };
        expect(() => decodeIntegers(bytes, settings)).toThrow('values[1] must be in ±1000');
        expect([...decodeIntegers(bytes, { ...settings, maxMagnitude: 1_001 })]).toEqual([
          1_000,
          value,
        ]);
      }
    }
    const lowest = encodeIntegers(Int32Array.of(-(2 ** 31)), 4);
    const settings = { bytesPerValue: 4, length: 1, maxMagnitude: 2 ** 31 - 1 } as const;
    expect(() => decodeIntegers(lowest, settings)).toThrow('values[0]');
  });

  it('are refused for any number of bytes but theirs, and for a bound that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(12), (bytes, length) => {
        for (const bytesPerValue of widths) {
          if (bytes.length === length * bytesPerValue) continue;
          const settings = { bytesPerValue, length, maxMagnitude: Infinity };
          expect(() => decodeIntegers(bytes, settings)).toThrow(RangeError);
        }
      }),
    );
    const settings = { bytesPerValue: 2, length: 1, maxMagnitude: NaN } as const;
    expect(() => decodeIntegers(new Uint8Array(2), settings)).toThrow('maxMagnitude');
  });
});
