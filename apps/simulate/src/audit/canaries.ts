import { uniformInt } from '@roundtable/random';
import type { RandomSource } from '@roundtable/random';

/** A canary is longer than the clip, so that a build without one shows. */
export const CANARY_NORM = 3;

/** The gradient of one example, whatever the weights. */
export type AuditExample = Float32Array<ArrayBuffer>;

/** Which canaries are in the data: a fair coin for each. */
export function flipCoins(random: RandomSource, canaries: number): boolean[] {
  return Array.from({ length: canaries }, () => uniformInt(random, 2) === 1);
}

/** Canary i: a gradient of `CANARY_NORM`·C along coordinate i alone, so that all are orthogonal. */
export function canaryExample(i: number, length: number, clippingNorm: number): AuditExample {
  const gradient = new Float32Array(length);
  gradient[i] = CANARY_NORM * clippingNorm;
  return gradient;
}

/** An example whose gradient has `CANARY_NORM`·C in every coordinate. */
export function denseExample(length: number, clippingNorm: number): AuditExample {
  return new Float32Array(length).fill(CANARY_NORM * clippingNorm);
}

/** The examples of the canaries that the coins included. */
export function includedExamples(
  coins: readonly boolean[],
  clippingNorm: number,
): readonly AuditExample[] {
  return coins.flatMap((isIn, i) => (isIn ? [canaryExample(i, coins.length, clippingNorm)] : []));
}

/** Guesses of an auditor who sees a score for each canary: the highest are in, the lowest are out. */
export function countCorrect(
  scores: Float64Array,
  coins: readonly boolean[],
  guesses: number,
): number {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const half = guesses / 2;
  const isRightIn = order.slice(0, half).filter((i) => coins[i]);
  const isRightOut = order.slice(-half).filter((i) => !coins[i]);
  return isRightIn.length + isRightOut.length;
}
