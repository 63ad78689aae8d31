import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatToHalf, halfToFloat } from './half.ts';

// Oracle: the definition of binary16 in plain arithmetic.
function definition(half: number): number {
  const sign = half >= 0x8000 ? -1 : 1;
  const exponent = Math.floor(half / 1024) % 32;
  const mantissa = half % 1024;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * (mantissa / 1024) * 2 ** -14;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

describe('half precision', () => {
  it('decodes all 65,536 patterns by the definition', () => {
    for (let half = 0; half < 65_536; half += 1) {
      if (!Object.is(halfToFloat(half), definition(half))) expect.fail(`pattern ${half}`);
    }
  });

  it('encodes each decoded finite pattern to itself', () => {
    for (let half = 0; half < 65_536; half += 1) {
      const value = halfToFloat(half);
      if (!Number.isNaN(value) && floatToHalf(value) !== half) expect.fail(`pattern ${half}`);
    }
  });

  it('rounds each midpoint to the even neighbor and anything beyond it onward', () => {
    for (let half = 0; half < 0x7bff; half += 1) {
      const middle = (definition(half) + definition(half + 1)) / 2; // exact in float32
      const even = half % 2 === 0 ? half : half + 1;
      if (floatToHalf(middle) !== even) expect.fail(`midpoint above ${half}`);
      if (floatToHalf(-middle) !== even + 0x8000) expect.fail(`negative midpoint above ${half}`);
      if (floatToHalf(middle * (1 + 2 ** -23)) !== half + 1) expect.fail(`above ${half}`);
      if (floatToHalf(middle * (1 - 2 ** -23)) !== half) expect.fail(`below ${half}`);
    }
  });

  it('sends 65519.996 to the largest finite half and 65520 to infinity', () => {
    expect(halfToFloat(floatToHalf(65_519.996))).toBe(65_504);
    expect(halfToFloat(floatToHalf(65_520))).toBe(Infinity);
    expect(halfToFloat(floatToHalf(-1e30))).toBe(-Infinity);
    expect(halfToFloat(floatToHalf(NaN))).toBeNaN();
  });

  it('keeps normal values within half a unit in the last place', () => {
    fc.assert(
      fc.property(fc.float({ min: 2 ** -14, max: 65_504, noNaN: true }), (value) => {
        return Math.abs(halfToFloat(floatToHalf(value)) - value) <= value * 2 ** -11;
      }),
    );
  });
});
