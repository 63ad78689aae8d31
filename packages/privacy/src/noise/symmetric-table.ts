import { TABLE_BITS, TABLE_ONE } from './fixed-point.ts';
import { tableFailure, type NoiseTable } from './noise-table.ts';

const LOW_BITS = TABLE_BITS - 32n;
const MAX_WORD = 0xffffffff;

/**
 * A table from the weights of 0 … K, which stand for −K … K as well.
 * @param weights relative to each other as the probabilities are, in any unit; more than 120 significant bits at 0
 * @param tailProbability what the distribution has beyond K, at most
 */
export function symmetricTable(weights: readonly bigint[], tailProbability: number): NoiseTable {
  const maxMagnitude = weights.length - 1;
  const total = weights.reduce((sum, weight) => sum + 2n * weight, -weights[0]!);
  // Upper tails P[X > k] for k = 0 … K: at most ½, so that 96 bits hold them; F(−k − 1) is the same by symmetry.
  const high = new Uint32Array(weights.length);
  const low = new BigUint64Array(weights.length);
  let tail = (total - weights[0]!) / 2n;
  weights.forEach((weight, k) => {
    if (k > 0) tail -= weight;
    const rounded = ((tail << (TABLE_BITS + 1n)) + total) / (2n * total);
    high[k] = Number(rounded >> LOW_BITS);
    low[k] = BigInt.asUintN(64, rounded);
  });
  const tailBeyond = (k: number): bigint => (BigInt(high[k]!) << LOW_BITS) + low[k]!;
  const cumulative = (k: number): bigint => {
    if (k < -maxMagnitude) return 0n;
    if (k >= maxMagnitude) return TABLE_ONE;
    return k < 0 ? tailBeyond(-k - 1) : TABLE_ONE - tailBeyond(k);
  };
  const leadingWords = Uint32Array.from({ length: 2 * maxMagnitude + 1 }, (_, i) =>
    Math.min(MAX_WORD, Number(cumulative(i - maxMagnitude) >> LOW_BITS)),
  );
  return {
    maxMagnitude,
    failureProbability: tableFailure(maxMagnitude, tailProbability),
    leadingWords,
    cumulative,
    pmf: (k) => cumulative(k) - cumulative(k - 1),
  };
}
