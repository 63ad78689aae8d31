import { requireRange } from '../arguments.ts';

/** The cumulative distribution F of integer noise on −K … K in whole units of 2^-96. */
export interface NoiseTable {
  /** K: no draw is larger in magnitude. */
  readonly maxMagnitude: number;
  /** Total variation per draw between this table and the distribution that it stands for. */
  readonly failureProbability: number;
  /** At k + K, ⌊F(k)·2^32⌋ or one less; rises with k. */
  readonly leadingWords: Uint32Array;
  /** F(k) = P[X ≤ k] in units of 2^-96: 0 below −K, 2^96 from K on. */
  cumulative(k: number): bigint;
  /** P[X = k] in units of 2^-96. */
  pmf(k: number): bigint;
}

/** Beyond it the rounded Gaussian's table would take seconds and megabytes that no setting needs. */
export const MAX_NOISE_STDDEV = 2 ** 20;
/** The same for tables that hold 96 bits of every boundary. */
export const MAX_DENSE_STDDEV = 2 ** 15;

/** The same for Laplace noise, whose tables reach five times as far: 2^17 takes 70 MB. */
export const MAX_LAPLACE_SCALE = 2 ** 17;

// 2·exp(−13²/2) = 4e-37 is far below a table's other errors.
const TAIL_STDDEVS = 13;
/** Upper bound on P[|X| > 13σ] of the rounded and of the discrete Gaussian, both sub-Gaussian. */
export const TAIL_PROBABILITY = 1e-36;

/** K = ⌈13σ⌉, at least 13. */
export function gaussianReach(noiseStddev: number): number {
  return Math.max(TAIL_STDDEVS, Math.ceil(TAIL_STDDEVS * noiseStddev));
}

// exp(−67) = 8e-30.
const LAPLACE_TAIL_SCALES = 67;
/** Upper bound on P[|X| > 67·scale] of rounded Laplace noise: 2^-96, all that a table can tell from 0. */
export const LAPLACE_TAIL_PROBABILITY = 2 ** -96;

/** K = ⌈67·scale⌉, at least 67. */
export function laplaceReach(noiseScale: number): number {
  return Math.max(LAPLACE_TAIL_SCALES, Math.ceil(LAPLACE_TAIL_SCALES * noiseScale));
}

/** Refuses a standard deviation for which no table is built. */
export function requireNoiseStddev(noiseStddev: number, largest: number): void {
  requireRange(
    'noiseStddev',
    noiseStddev,
    noiseStddev >= 2 ** -10 && noiseStddev <= largest,
    `in ${2 ** -10} … ${largest} grid units`,
  );
}

/** Rounding of all 2K + 1 boundaries, each at most 2^-96 off, and what lies beyond K. */
export function tableFailure(maxMagnitude: number, tailProbability: number): number {
  return (2 * maxMagnitude + 1) * 2 ** -96 + tailProbability;
}
