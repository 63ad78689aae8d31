import type { BaseModel, TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ExampleBatches } from '../example-batches.ts';
import type { ExampleLosses } from '../example-losses.ts';
import { TrainingFailure } from '../failure.ts';
import type { OnPass } from '../local-training.ts';
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
  onPass: OnPass = () => undefined,
): Promise<LossDifferences> {
  const { model, task, batches, directions, values } = target;
  const rows = new Map(indices.map((index) => [index, new Float64Array(directions.length)]));
  let lossSum = 0;
  const groups = passesOf({ model, task, batches, length: values.length }, indices);
  for (const { directions: atOnce, passes } of groups) {
    for (let first = 0; first < directions.length; first += atOnce) {
      const chunk = directions.slice(first, first + atOnce);
      for (const { index, j, above, below } of await chunkLosses(target, chunk, passes, onPass)) {
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
  onPass: OnPass,
): Promise<LossPair[]> {
  const adapters = uploadPairs(target, chunk, target.scale);
  try {
    // The accelerator runs ahead: losses are read when all passes are under way.
    const started: PassLosses[] = [];
    for (const { indices } of passes) {
      started.push(startPass(target.losses, indices, adapters));
      await onPass();
    }
    const pairs: LossPair[] = [];
    for (const [pass, { indices, count }] of passes.entries()) {
      const losses = finite(await started[pass]!);
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

type PassLosses = Promise<Float32Array | { readonly error: unknown }>;

/** Never rejects, because nobody waits for it yet. */
function startPass(
  losses: ExampleLosses,
  indices: readonly number[],
  adapters: TensorAdapters,
): PassLosses {
  const tensor: Tensor = tf.tidy(() => losses.losses(indices, adapters));
  return tensor
    .data()
    .then(
      // The cpu backend hands out its own memory.
      (values) => (values as Float32Array).slice(),
      (error: unknown) => ({ error }),
    )
    .finally(() => {
      tensor.dispose();
    });
}

/** @throws what reading failed with, or TrainingFailure where a loss is not finite */
function finite(losses: Awaited<PassLosses>): Float32Array {
  if ('error' in losses) throw losses.error;
  if (!losses.every(Number.isFinite)) {
    throw new TrainingFailure('not-finite', 'a loss is NaN or infinite');
  }
  return losses;
}
