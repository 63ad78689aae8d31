import { l2Norm } from '@roundtable/linalg';
import { clipFactors, localGaussianMechanism, poissonSample } from '@roundtable/privacy';
import type { LocalMechanismSettings, ReleaseMechanism } from '@roundtable/privacy';
import type { RandomSource } from '@roundtable/random';
import type { AuditExample } from './canaries.ts';

/** The parts between examples and an update. The honest build has the real ones; a mutant replaces one. */
export interface AuditedBuild {
  readonly name: string;
  /** The examples of one step. */
  readonly drawBatch: (
    random: RandomSource,
    examples: number,
    samplingRate: number,
    cap: number,
  ) => number[];
  /** Σ over the batch of clipped gradients. */
  readonly clippedSum: (batch: readonly AuditExample[], clippingNorm: number) => Float64Array;
  readonly mechanism: (settings: LocalMechanismSettings) => ReleaseMechanism;
  /** What a released sum is divided by. */
  readonly divisor: (publicDivisor: number, drawn: number) => number;
}

/** Adds the gradients up, each times its factor. */
export function weightedSum(
  batch: readonly AuditExample[],
  factors: ArrayLike<number>,
): Float64Array {
  const sum = new Float64Array(batch[0]?.length ?? 0);
  for (const [i, gradient] of batch.entries()) {
    const factor = factors[i]!;
    for (let j = 0; j < sum.length; j += 1) sum[j]! += factor * gradient[j]!;
  }
  return sum;
}

/** L2 norms as the trainer has them: in single precision. */
function normsOf(batch: readonly AuditExample[]): Float32Array {
  return Float32Array.from(batch, l2Norm);
}

/** What runs on a contributor's device. */
export const honestBuild: AuditedBuild = {
  name: 'honest',
  drawBatch: poissonSample,
  clippedSum: (batch, clippingNorm) =>
    weightedSum(batch, clipFactors(normsOf(batch), clippingNorm)),
  mechanism: localGaussianMechanism,
  divisor: (publicDivisor) => publicDivisor,
};
