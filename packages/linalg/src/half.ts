// IEEE 754 binary16 by integer operations on the binary32 bit pattern, so that the codes are the same on every engine.

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The float32 value of a binary16 bit pattern (the low 16 bits of `half`); exact, NaN and infinities included. */
export function halfToFloat(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  singleBits[0] = ((exponent + 112) << 23) | (mantissa << 13);
  return sign * single[0]!;
}

/**
 * The binary16 bit pattern nearest to `value` taken as a float32, ties to even; magnitudes of 65520 and
 * above become infinity, every NaN becomes one quiet NaN.
 */
export function floatToHalf(value: number): number {
  single[0] = value;
  const bits = singleBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // A float32 in [0.5, 1) has steps of 2^-24, the step of a subnormal half: the addition does the rounding.
    single[0] = Math.abs(single[0]) + 0.5;
    return sign | (singleBits[0]! - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
