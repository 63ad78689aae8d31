import { clipFactors } from '@roundtable/privacy';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  flattenTransposed,
  replaceTrained,
  tensorAdapters,
  trainedFactors,
} from './adapter-tensors.ts';
import { BLOCK_ROWS } from './blocked-sum.ts';
import type { GradientTarget, PaddedGroup } from './device-gradients.ts';
import { TrainingFailure } from './failure.ts';
import { oneRowGradients } from './one-row-gradients.ts';
import { registerTapeGradients } from './tape-gradients.ts';
import { tiledGradients } from './tiled-gradients.ts';

/** A sum over the examples of a group, in the flat vector's order. */
export interface GradientSum {
  readonly gradient: Float32Array;
  readonly lossSum: number;
}

// Group sizes are rounded up to it with zero-weight rows: a GPU then meets few shapes.
const SHAPE_STEP = 4;

function padGroup(indices: readonly number[], step = SHAPE_STEP): PaddedGroup {
  const length = Math.ceil(indices.length / step) * step;
  return {
    indices: Array.from({ length }, (_, i) => indices[i] ?? indices[0]!),
    weights: new Float32Array(length).fill(1, 0, indices.length),
  };
}

/** Per-example norms of a group, and its sum once it is known how much of each example goes into it. */
export interface ExampleGradients {
  /** One per padded example; 0 in padding. */
  readonly norms: Float32Array;
  readonly lossSum: number;
  weightedSum(factors: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/**
 * Per-example gradients by one backward pass.
 * @param chain most float32 additions that a term of their sum may pass through
 * @throws TrainingFailure where a norm or the loss is not finite
 */
export async function exampleGradients(
  target: GradientTarget,
  indices: readonly number[],
  chain: number,
): Promise<ExampleGradients> {
  registerTapeGradients();
  const group = padGroup(indices, indices.length > chain ? BLOCK_ROWS : SHAPE_STEP);
  const differentiate = target.isOneRow && !target.trainsA ? oneRowGradients : tiledGradients;
  const { squaredNorms, lossSum, weightedSum, kept } = differentiate(
    target,
    group,
    indices.length > chain,
  );
  const dispose = (): void => {
    tf.dispose([...kept]);
  };
  try {
    const [squares, loss] = await Promise.all([
      readAndDispose(squaredNorms),
      readAndDispose(lossSum),
    ]);
    return {
      norms: squares.map(Math.sqrt),
      lossSum: loss[0]!,
      weightedSum: (factors) =>
        readAndDispose(tf.tidy(() => flattenTransposed(weightedSum(factors)))),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Σ of the group's gradients, each clipped to `clippingNorm` over all trained factors together. */
export async function clippedGradientSum(
  target: GradientTarget,
  indices: readonly number[],
  clippingNorm: number,
  chain: number,
): Promise<GradientSum> {
  const gradients = await exampleGradients(target, indices, chain);
  try {
    const factors = clipFactors(gradients.norms, clippingNorm);
    return { gradient: await gradients.weightedSum(factors), lossSum: gradients.lossSum };
  } finally {
    gradients.dispose();
  }
}

/** Σ of the group's gradients without clipping: for federations that protect nothing. */
export async function plainGradientSum(
  target: GradientTarget,
  indices: readonly number[],
): Promise<GradientSum> {
  registerTapeGradients();
  const { indices: padded, weights } = padGroup(indices);
  const [value, summed] = tf.tidy(() => {
    const trained = trainedFactors(target.factors, target.trainsA);
    const { value: loss, grads } = tf.valueAndGrads((...inputs: Tensor[]) => {
      const factors = replaceTrained(
        target.factors,
        inputs as (Tensor2D | Tensor3D)[],
        target.trainsA,
      );
      const adapters = tensorAdapters(target.spec, factors, target.trainsA);
      const losses = target.losses.losses(padded, adapters);
      return tf.sum<tf.Scalar>(tf.mul(losses, tf.tensor1d(weights)));
    })(trained);
    return [loss, flattenTransposed(grads as Tensor2D[])] as const;
  });
  const [loss, gradient] = await Promise.all([readAndDispose(value), readAndDispose(summed)]);
  return { gradient, lossSum: loss[0]! };
}

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    const values = (await tensor.data()) as Float32Array;
    if (!values.every(Number.isFinite)) {
      throw new TrainingFailure('not-finite', 'a gradient or loss is NaN or infinite');
    }
    // The cpu backend hands out its own memory.
    return values.slice();
  } finally {
    tensor.dispose();
  }
}
