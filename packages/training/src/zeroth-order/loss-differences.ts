import type { BaseModel, TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ExampleBatches } from '../example-batches.ts';
import type { ExampleLosses } from '../example-losses.ts';
import { TrainingFailure } from '../failure.ts';
import type { Task } from '../task.ts';
import { passesOf, type Pass } from './passes.ts';
import { disposeAdapters, uploadPairs, type MovingWeights } from './perturb.ts';

/** What losses are taken of, and around which weights. */
export interface DifferenceTarget extends MovingWeights {
  readonly model: BaseModel;
  readonly task: Task;
  readonly batches: ExampleBatches;
  readonly losses: ExampleLosses;
  /** The K directions z. */
  readonly directions: readonly Float32Array[];
  /** μ. */
  readonly scale: number;
}

export interface LossDifferences {
  /** Per example its K differences (L(θ + μz) − L(θ − μz)) / 2μ. */
  readonly rows: readonly Float64Array[];
  /** Σ over the examples of the mean of their losses at θ ± μz. */
  readonly lossSum: number;
}

/**
 * Central differences of each example's loss along each direction by forward passes alone (MeZO, arXiv 2305.17333,
 * algorithm 1). A loss near 1 is off by some 1e-7 in float32, a difference therefore by some 1e-7 / 2μ: 5e-5 at μ = 1e-3.
 * @throws TrainingFailure where a loss is not finite
 */
export async function lossDifferences(
  target: DifferenceTarget,
  indices: readonly number[],
): Promise<LossDifferences> {
  const { model, task, batches, directions, values } = target;
  const rows = new Map(indices.map((index) => [index, new Float64Array(directions.length)]));
  let lossSum = 0;
  const groups = passesOf({ model, task, batches, length: values.length }, indices);
  for (const { directions: atOnce, passes } of groups) {
    for (let first = 0; first < directions.length; first += atOnce) {
      const chunk = directions.slice(first, first + atOnce);
      for (const { index, j, above, below } of await chunkLosses(target, chunk, passes)) {
        rows.get(index)![first + j] = (above - below) / (2 * target.scale);
        lossSum += (above + below) / (2 * directions.length);
      }
    }
  }
  return { rows: indices.map((index) => rows.get(index)!), lossSum };
}

interface LossPair {
  readonly index: number;
  /** Direction of the chunk. */
  readonly j: number;
  readonly above: number;
  readonly below: number;
}

/** Losses on both sides along some directions, of all examples of some passes. */
async function chunkLosses(
  target: DifferenceTarget,
  chunk: readonly Float32Array[],
  passes: readonly Pass[],
): Promise<LossPair[]> {
  const adapters = uploadPairs(target, chunk, target.scale);
  try {
    // All passes are under way before the first is read, and none still is when one has failed.
    const settled = await Promise.allSettled(
      passes.map(({ indices }) => passLosses(target.losses, indices, adapters)),
    );
    const read = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    const pairs: LossPair[] = [];
    for (const [pass, { indices, count }] of passes.entries()) {
      const losses = read[pass]!;
      for (let j = 0; j < chunk.length; j += 1) {
        const start = 2 * j * indices.length;
        for (let i = 0; i < count; i += 1) {
          const above = losses[start + i]!;
          const below = losses[start + indices.length + i]!;
          pairs.push({ index: indices[i]!, j, above, below });
        }
      }
    }
    return pairs;
  } finally {
    disposeAdapters(adapters);
  }
}

async function passLosses(
  losses: ExampleLosses,
  indices: readonly number[],
  adapters: TensorAdapters,
): Promise<Float32Array> {
  const tensor: Tensor = tf.tidy(() => losses.losses(indices, adapters));
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
