import type { AdapterWeights } from '@roundtable/lora';
import { disposeFactors, uploadFactors } from '../adapter-tensors.ts';
import type { GradientTarget } from '../device-gradients.ts';
import { prepareExamples } from '../example-batches.ts';
import { clippedGradientSum, exampleGradients, plainGradientSum } from '../example-gradients.ts';
import { exampleLosses } from '../example-losses.ts';
import type { Task } from '../task.ts';
import type { TinyTraining } from './tiny-training.ts';

/** The same gradients taken in different ways, for a test to compare. */
export interface GradientChecks {
  /** Norms of all examples by one backward pass. */
  readonly norms: number[];
  /** Gradient of each example alone, without any tiling. */
  readonly oneAtATime: Float32Array[];
  /** Sum of all gradients clipped to the bound, by one backward pass; in blocks where there are more than `chain`. */
  clippedSum(clippingNorm: number, chain?: number): Promise<Float32Array>;
  /** Sum of all losses at the given weights. */
  lossSum(weights: AdapterWeights): Promise<number>;
  dispose(): void;
}

/** Takes all gradients of a tiny set-up on the active backend. */
export async function gradientChecks(
  { model, spec, weights, examples }: TinyTraining,
  task: Task,
  trainsA: boolean,
): Promise<GradientChecks> {
  const batches = await prepareExamples(model, spec, examples);
  const losses = exampleLosses(model, task, batches);
  const factors = uploadFactors(spec, weights);
  const isOneRow = batches.rowsPerExample === 1;
  const target: GradientTarget = { spec, factors, trainsA, losses, isOneRow };
  const all = examples.map((_, i) => i);
  const gradients = await exampleGradients(target, all, all.length);
  gradients.dispose();
  const oneAtATime: Float32Array[] = [];
  for (const index of all) {
    oneAtATime.push((await plainGradientSum(target, [index])).gradient);
  }
  return {
    norms: [...gradients.norms.subarray(0, examples.length)],
    oneAtATime,
    clippedSum: async (clippingNorm, chain = all.length) =>
      (await clippedGradientSum(target, all, clippingNorm, chain)).gradient,
    lossSum: async (moved) => {
      const movedFactors = uploadFactors(spec, moved);
      const { lossSum } = await plainGradientSum({ ...target, factors: movedFactors }, all);
      disposeFactors(movedFactors);
      return lossSum;
    },
    dispose: () => {
      disposeFactors(factors);
      losses.dispose();
      batches.dispose();
    },
  };
}

/** L2 norm in double precision. */
export function norm(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(
  a: Float32Array | Float64Array,
  b: Float32Array | Float64Array,
): number {
  return norm(Float64Array.from(a, (value, i) => value - b[i]!)) / norm(b);
}

/** Σ gᵢ · min(1, C/‖gᵢ‖) in double precision. */
export function clipByHand(gradients: readonly Float32Array[], clippingNorm: number): Float32Array {
  const sum = new Float64Array(gradients[0]!.length);
  for (const gradient of gradients) {
    const factor = Math.min(1, clippingNorm / norm(gradient));
    gradient.forEach((value, i) => (sum[i]! += factor * value));
  }
  return Float32Array.from(sum);
}
