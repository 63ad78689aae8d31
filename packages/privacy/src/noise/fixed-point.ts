/** Bits after the binary point of every intermediate result; {@link TABLE_BITS} of them survive into a table. */
export const WORK_BITS = 256n;
/** Probabilities are whole numbers of 2^-96. */
export const TABLE_BITS = 96n;
/** Probability 1 in units of 2^-96. */
export const TABLE_ONE = 1n << TABLE_BITS;

const ONE = 1n << WORK_BITS;

/** A positive float64 as the fraction that it exactly is. */
export function exactFraction(value: number): { numerator: bigint; denominator: bigint } {
  let scaled = value;
  let denominator = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

/** ⌊√value⌋ by Newton's method from above. */
function integerSqrt(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Σ ± 1/((2j + 1)·x^(2j+1)): artanh(1/x), or arctan(1/x) with alternating signs. */
function inverseTangent(x: bigint, sign: 1n | -1n): bigint {
  let power = ONE / x;
  let sum = 0n;
  for (let j = 0n; power !== 0n; j += 1n) {
    sum += (sign === 1n || j % 2n === 0n ? power : -power) / (2n * j + 1n);
    power /= x * x;
  }
  return sum;
}

let constants: { ln2: bigint; inverseSqrt2Pi: bigint } | null = null;

/** ln 2 = 2·artanh(1/3); π by Machin's formula. Computed on first use. */
function knownConstants(): { ln2: bigint; inverseSqrt2Pi: bigint } {
  if (constants === null) {
    const pi = 16n * inverseTangent(5n, -1n) - 4n * inverseTangent(239n, -1n);
    const sqrt2Pi = integerSqrt((2n * pi) << WORK_BITS);
    constants = {
      ln2: 2n * inverseTangent(3n, 1n),
      inverseSqrt2Pi: (ONE << WORK_BITS) / sqrt2Pi,
    };
  }
  return constants;
}

/** e^(−y) for y ≥ 0; both in units of 2^-256, error a few hundred units. */
export function expOfMinus(y: bigint): bigint {
  const { ln2 } = knownConstants();
  const halvings = y / ln2;
  const rest = y - halvings * ln2;
  let term = ONE;
  let sum = ONE;
  for (let j = 1n; term !== 0n; j += 1n) {
    term = -((term * rest) >> WORK_BITS) / j;
    sum += term;
  }
  return sum >> halvings;
}

/**
 * Φ(t) − ½ for t = numerator/denominator ≥ 0 in units of 2^-96, rounded to nearest, correct to one unit.
 * Φ(t) − ½ = φ(t)·Σ t^(2n+1)/(1·3·5…(2n+1)), all terms positive (DLMF 7.6.2).
 */
export function normalMass(numerator: bigint, denominator: bigint): bigint {
  // 1 − Φ(14) < 2^-146; far beyond it the sum would outgrow the bits of the density.
  if (numerator > 14n * denominator) return TABLE_ONE / 2n;
  const t = (numerator << WORK_BITS) / denominator;
  const square = (t * t) >> WORK_BITS;
  let term = t;
  let sum = t;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = ((term * square) >> WORK_BITS) / (2n * n + 1n);
    sum += term;
  }
  const density = (expOfMinus(square >> 1n) * knownConstants().inverseSqrt2Pi) >> WORK_BITS;
  return roundToTable((density * sum) >> WORK_BITS);
}

/** From units of 2^-256 to units of 2^-96, to nearest. */
export function roundToTable(value: bigint): bigint {
  return (value + (1n << (WORK_BITS - TABLE_BITS - 1n))) >> (WORK_BITS - TABLE_BITS);
}

// 2^-96 is 1.3e-29: two more digits than it can tell apart.
const DECIMALS = 31;

/** A probability in units of 2^-96 as a decimal number with 31 digits after the point. */
export function decimalString(probability: bigint): string {
  const digits = (probability * 10n ** BigInt(DECIMALS) + (TABLE_ONE >> 1n)) >> TABLE_BITS;
  const text = digits.toString().padStart(DECIMALS + 1, '0');
  return `${text.slice(0, -DECIMALS)}.${text.slice(-DECIMALS)}`;
}
