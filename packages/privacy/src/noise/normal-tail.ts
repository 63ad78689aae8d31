/**
 * Bound on |normalTail(t) − (1 − Φ(t))| for every t ≥ 0. What is argued below is 2^-43; the rest is reserve for platforms
 * whose Math.exp is worse than one unit in the last place.
 */
export const NORMAL_TAIL_ERROR = 2 ** -36;

// Below it the series takes under 40 terms; above it the fraction's 60 terms leave less than 2^-39.
const SWITCH = 2;
const SERIES_TERMS = 40;
const FRACTION_TERMS = 60;
const INVERSE_SQRT_2PI = 0.3989422804014327;

/**
 * 1 − Φ(t) for t ≥ 0 in double precision.
 *
 * Up to 2 by ½ − φ(t)·Σ t^(2n+1)/(2n+1)!! (DLMF 7.6.2): every term is positive, so n products and sums are off by at most
 * 4n units of 2^-53 relative, and the terms left out sum to below 2^-60. Above by φ(t)/(t + 1/(t + 2/(t + …))) (DLMF 7.9.2)
 * from the inside out: every part is positive, so an error shrinks from level to level and each adds two roundings;
 * neighboring convergents enclose the value, and at t = 2 they differ by less than 2^-39 of φ(2), at larger t by less.
 */
export function normalTail(t: number): number {
  const density = INVERSE_SQRT_2PI * Math.exp((-t * t) / 2);
  if (t > SWITCH) return density / millsDenominator(t, FRACTION_TERMS);
  const square = t * t;
  let term = t;
  let sum = t;
  for (let n = 1; n <= SERIES_TERMS; n += 1) {
    term *= square / (2 * n + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/** t + 1/(t + 2/(t + … terms/t)), the inverse of Mills's ratio. */
export function millsDenominator(t: number, terms: number): number {
  let value = t;
  for (let n = terms; n >= 1; n -= 1) value = t + n / value;
  return value;
}
