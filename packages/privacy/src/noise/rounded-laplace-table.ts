import { requireRange } from '../arguments.ts';
import { exactFraction, expOfMinus, roundToTable, TABLE_ONE, WORK_BITS } from './fixed-point.ts';
import {
  LAPLACE_TAIL_PROBABILITY,
  laplaceReach,
  MAX_LAPLACE_SCALE,
  tableFailure,
  type NoiseTable,
} from './noise-table.ts';

const WORD = 4_294_967_296;
/**
 * Bound on the error of exp(−t)/2 in double precision, t within 2^-52 of itself relative: below 2^-52 by Math.exp and as
 * much by t·exp(−t) ≤ 1/e. The rest is reserve for platforms whose Math.exp is worse than one unit in the last place.
 */
const TAIL_ERROR = 2 ** -40;

/** ⌊F(k)·2^32⌋ or one less, for k = −K … K − 1, and the largest word for K. */
function leadingWords(noiseScale: number, maxMagnitude: number): Uint32Array {
  const words = new Uint32Array(2 * maxMagnitude + 1);
  for (let k = 0; k <= maxMagnitude; k += 1) {
    const tail = Math.exp(-(k + 0.5) / noiseScale) / 2;
    const above = Math.floor((1 - tail - TAIL_ERROR) * WORD);
    // Below the error bound a word is 0 and its mirror image the largest, and so are all further out.
    if (k < maxMagnitude) {
      words[maxMagnitude - k - 1] = Math.max(0, Math.floor((tail - TAIL_ERROR) * WORD));
    }
    words[maxMagnitude + k] = above;
    if (tail < TAIL_ERROR) {
      words.fill(above, maxMagnitude + k);
      break;
    }
  }
  words[2 * maxMagnitude] = WORD - 1;
  return words;
}

/**
 * Laplace noise of scale b rounded to the nearest integer: P[X > k] = e^(−(k + ½)/b)/2 for k ≥ 0. Leading words come from
 * double precision with a proven bound; a boundary's 96 bits are computed when a draw first needs them.
 * @param noiseScale b in grid units, 2^-6 … 2^17; the standard deviation before rounding is √2·b
 */
export function roundedLaplaceTable(noiseScale: number): NoiseTable {
  const isInside = noiseScale >= 2 ** -6 && noiseScale <= MAX_LAPLACE_SCALE;
  requireRange('noiseScale', noiseScale, isInside, `in 2^-6 … ${MAX_LAPLACE_SCALE} grid units`);
  const maxMagnitude = laplaceReach(noiseScale);
  const { numerator, denominator } = exactFraction(noiseScale);
  const tails = new Map<number, bigint>();
  /** P[X > k] for k ≥ 0. */
  const tailBeyond = (k: number): bigint => {
    const known = tails.get(k);
    if (known !== undefined) return known;
    const exponent = ((BigInt(2 * k + 1) * denominator) << WORK_BITS) / (2n * numerator);
    const tail = roundToTable(expOfMinus(exponent) >> 1n);
    tails.set(k, tail);
    return tail;
  };
  const cumulative = (k: number): bigint => {
    if (k < -maxMagnitude) return 0n;
    if (k >= maxMagnitude) return TABLE_ONE;
    return k < 0 ? tailBeyond(-k - 1) : TABLE_ONE - tailBeyond(k);
  };
  return {
    maxMagnitude,
    failureProbability: tableFailure(maxMagnitude, LAPLACE_TAIL_PROBABILITY),
    leadingWords: leadingWords(noiseScale, maxMagnitude),
    cumulative,
    pmf: (k) => cumulative(k) - cumulative(k - 1),
  };
}
