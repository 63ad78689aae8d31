import {
  unflatten,
  type AdapterSpec,
  type AdapterWeights,
  type TrainablePart,
} from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeFactors, tensorAdapters, uploadFactors } from '../adapter-tensors.ts';
import type { ExampleLosses } from '../example-losses.ts';
import { TrainingFailure } from '../failure.ts';
import { perturbed } from './perturb.ts';

/** What losses are taken of, and around which weights. */
export interface DifferenceTarget {
  readonly spec: AdapterSpec;
  readonly losses: ExampleLosses;
  /** The weights that do not move. */
  readonly base: AdapterWeights;
  readonly parts: readonly TrainablePart[];
  /** θ: the moving weights in `flatten`'s order. */
  readonly values: Float32Array;
  /** The K directions z. */
  readonly directions: readonly Float32Array[];
  /** μ. */
  readonly scale: number;
}

export interface LossDifferences {
  /** Per example its K differences (L(θ + μz) − L(θ − μz)) / 2μ. */
  readonly rows: Float64Array[];
  /** Σ over the examples of the mean of their losses at θ ± μz. */
  readonly lossSum: number;
}

/**
 * Central differences of each example's loss along each direction by forward passes alone. A loss of float32 size 1 is
 * off by some 1e-7, a difference therefore by some 1e-7 / 2μ: 5e-5 at μ = 1e-3.
 * @throws TrainingFailure where a loss is not finite
 */
export async function lossDifferences(
  target: DifferenceTarget,
  indices: readonly number[],
): Promise<LossDifferences> {
  const { directions, values, scale } = target;
  const rows = indices.map(() => new Float64Array(directions.length));
  let lossSum = 0;
  for (const [j, z] of directions.entries()) {
    const above = lossesAt(target, indices, perturbed(values, z, scale));
    const below = lossesAt(target, indices, perturbed(values, z, -scale));
    const [high, low] = await Promise.all([readAndDispose(above), readAndDispose(below)]);
    rows.forEach((row, i) => {
      row[j] = (high[i]! - low[i]!) / (2 * scale);
      lossSum += (high[i]! + low[i]!) / (2 * directions.length);
    });
  }
  return { rows, lossSum };
}

function lossesAt(
  { spec, losses, base, parts }: DifferenceTarget,
  indices: readonly number[],
  values: Float32Array,
): Tensor {
  const factors = uploadFactors(spec, unflatten(spec, values, parts, base));
  try {
    return tf.tidy(() => losses.losses(indices, tensorAdapters(spec, factors, false)));
  } finally {
    disposeFactors(factors);
  }
}

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    const values = (await tensor.data()) as Float32Array;
    if (!values.every(Number.isFinite)) {
      throw new TrainingFailure('not-finite', 'a loss is NaN or infinite');
    }
    // The cpu backend hands out its own memory.
    return values.slice();
  } finally {
    tensor.dispose();
  }
}
