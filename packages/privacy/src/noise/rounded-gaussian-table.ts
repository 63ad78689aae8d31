import { exactFraction, normalMass, TABLE_ONE } from './fixed-point.ts';
import {
  gaussianReach,
  MAX_NOISE_STDDEV,
  requireNoiseStddev,
  TAIL_PROBABILITY,
  tableFailure,
  type NoiseTable,
} from './noise-table.ts';
import { NORMAL_TAIL_ERROR, normalTail } from './normal-tail.ts';

const WORD = 4_294_967_296;

/** ⌊F(k)·2^32⌋ or one less, for k = −K … K − 1, and the largest word for K. */
function leadingWords(noiseStddev: number, maxMagnitude: number): Uint32Array {
  const words = new Uint32Array(2 * maxMagnitude + 1);
  for (let k = 0; k <= maxMagnitude; k += 1) {
    const tail = normalTail((k + 0.5) / noiseStddev);
    // Below the error bound a word is 0 and its mirror image the largest, and so are all further out.
    const below = Math.floor((tail - NORMAL_TAIL_ERROR) * WORD);
    const above = Math.floor((1 - tail - NORMAL_TAIL_ERROR) * WORD);
    if (k < maxMagnitude) words[maxMagnitude - k - 1] = Math.max(0, below);
    words[maxMagnitude + k] = above;
    if (tail < NORMAL_TAIL_ERROR) {
      words.fill(above, maxMagnitude + k);
      break;
    }
  }
  words[2 * maxMagnitude] = WORD - 1;
  return words;
}

/**
 * The Gaussian of standard deviation σ rounded to the nearest integer, P(k) = Φ((k + ½)/σ) − Φ((k − ½)/σ). Leading words
 * come from double precision with a proven bound; a boundary's 96 bits are computed when a draw first needs them.
 * @param noiseStddev σ in grid units, 2^-10 … 2^20 (of the Gaussian before rounding)
 */
export function roundedGaussianTable(noiseStddev: number): NoiseTable {
  requireNoiseStddev(noiseStddev, MAX_NOISE_STDDEV);
  const maxMagnitude = gaussianReach(noiseStddev);
  const { numerator, denominator } = exactFraction(noiseStddev);
  const masses = new Map<number, bigint>();
  /** Φ((k + ½)/σ) − ½ for k ≥ 0. */
  const massUpTo = (k: number): bigint => {
    const known = masses.get(k);
    if (known !== undefined) return known;
    const mass = normalMass(BigInt(2 * k + 1) * denominator, 2n * numerator);
    masses.set(k, mass);
    return mass;
  };
  const cumulative = (k: number): bigint => {
    if (k < -maxMagnitude) return 0n;
    if (k >= maxMagnitude) return TABLE_ONE;
    return TABLE_ONE / 2n + (k >= 0 ? massUpTo(k) : -massUpTo(-k - 1));
  };
  return {
    maxMagnitude,
    failureProbability: tableFailure(maxMagnitude, TAIL_PROBABILITY),
    leadingWords: leadingWords(noiseStddev, maxMagnitude),
    cumulative,
    pmf: (k) => cumulative(k) - cumulative(k - 1),
  };
}
