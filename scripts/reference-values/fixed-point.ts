/** A real number x carried as the integer ⌊x·2^400⌋: 120 decimal places, with any size before the point. */
export type Fixed = bigint;

const BITS = 400n;
export const one: Fixed = 1n << BITS;

export const multiply = (a: Fixed, b: Fixed): Fixed => (a * b) >> BITS;
export const divide = (a: Fixed, b: Fixed): Fixed => (a << BITS) / b;
export const absolute = (a: Fixed): Fixed => (a < 0n ? -a : a);
export const ofInteger = (value: number): Fixed => BigInt(value) << BITS;

/** The double itself, which is a multiple of a power of two. */
export function ofNumber(value: number): Fixed {
  let scaled = value;
  let shift = 0n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift += 1n;
  }
  return (BigInt(scaled) << BITS) >> shift;
}

/** Decimal digits, rounded to nearest: `significant` of them, or fewer where the carried places end. */
export function toDecimal(value: Fixed, significant = 45): string {
  if (value < 0n) return `-${toDecimal(-value, significant)}`;
  const whole = (value >> BITS).toString();
  const leading = value >> BITS === 0n ? leadingZeros(value) : -whole.length;
  const places = Math.max(0, Math.min(118, significant + leading));
  const scaled = (value * 10n ** BigInt(places) + (one >> 1n)) >> BITS;
  const digits = scaled.toString().padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function leadingZeros(value: Fixed): number {
  let zeros = 0;
  for (let v = value; v > 0n && v < one; v *= 10n) zeros += 1;
  return Math.max(0, zeros - 1);
}

/** The nearest double. */
export const toNumber = (value: Fixed): number => Number(toDecimal(value, 40));

export function squareRoot(value: Fixed): Fixed {
  if (value === 0n) return 0n;
  const target = value << BITS;
  let guess = 1n << BigInt((target.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + target / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Σ (−1)^n x^(2n+1)/(2n+1) of x = 1/inverse, or without the sign. */
function arcTangentOfInverse(inverse: bigint, isHyperbolic: boolean): Fixed {
  let power = one / inverse;
  let sum = power;
  for (let n = 1n; power !== 0n; n += 1n) {
    power /= inverse * inverse;
    const term = power / (2n * n + 1n);
    sum += isHyperbolic || n % 2n === 0n ? term : -term;
  }
  return sum;
}

/** π = 16 arctan(1/5) − 4 arctan(1/239) (Machin). */
export const pi: Fixed =
  16n * arcTangentOfInverse(5n, false) - 4n * arcTangentOfInverse(239n, false);

/** ln 2 = 2 artanh(1/3). */
const ln2: Fixed = 2n * arcTangentOfInverse(3n, true);

const HALVINGS = 16n;

/** e^x: a power of two times the Taylor series of what is left, halved sixteen times and squared back. */
export function exponential(value: Fixed): Fixed {
  const twos = value / ln2 - (value < 0n ? 1n : 0n);
  if (twos < -BITS) return 0n;
  const rest = (value - twos * ln2) >> HALVINGS;
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = multiply(term, rest) / n;
    sum += term;
  }
  for (let i = 0n; i < HALVINGS; i += 1n) sum = multiply(sum, sum);
  return twos >= 0n ? sum << twos : sum >> -twos;
}

/** ln x for x > 0, by Halley's iteration on e^y = x from the double's logarithm. */
export function logarithm(value: Fixed): Fixed {
  if (value <= 0n) throw new RangeError('the logarithm takes a number above 0');
  const twos = BigInt(value.toString(2).length) - BITS;
  const mantissa = twos >= 0n ? value >> twos : value << -twos;
  let y = ofNumber(Math.log(toNumber(mantissa)));
  for (let i = 0; i < 3; i += 1) {
    const e = exponential(y);
    y += 2n * divide(mantissa - e, mantissa + e);
  }
  return y + twos * ln2;
}

const rootOfTwoPi = squareRoot(2n * pi);

/** Standard normal density. */
export const normalDensity = (x: Fixed): Fixed =>
  divide(exponential(-multiply(x, x) >> 1n), rootOfTwoPi);

/** Φ(x) = ½ + φ(x)·Σ x^(2n+1)/(2n+1)!!, all terms of one sign; |x| up to about 20. */
export function normalCdf(x: Fixed): Fixed {
  const square = multiply(x, x);
  let term = x;
  let sum = x;
  for (let n = 1n; absolute(term) > 1n; n += 1n) {
    term = multiply(term, square) / (2n * n + 1n);
    sum += term;
  }
  return (one >> 1n) + multiply(normalDensity(x), sum);
}
