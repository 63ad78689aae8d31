import type { AdapterSpec } from '@roundtable/lora';
import { clipFactors } from '@roundtable/privacy';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  flattenTransposed,
  replaceTrained,
  tensorAdapters,
  trainedFactors,
  type FactorTensors,
} from './adapter-tensors.ts';
import type { ExampleLosses } from './example-losses.ts';
import { TrainingFailure } from './failure.ts';
import { registerTapeGradients } from './tape-gradients.ts';

/** What a gradient is taken of. */
export interface GradientTarget {
  readonly spec: AdapterSpec;
  readonly factors: FactorTensors;
  readonly trainsA: boolean;
  readonly losses: ExampleLosses;
}

/** A sum over the examples of a group, in the flat vector's order. */
export interface GradientSum {
  readonly gradient: Float32Array;
  readonly lossSum: number;
}

// Group sizes are rounded up to it with zero-weight rows: a GPU then meets few shapes.
const SHAPE_STEP = 4;

/** Indices padded by repetition and the weights, 1 for real rows and 0 for padding. */
function padGroup(indices: readonly number[]): { padded: number[]; weights: Float32Array } {
  const length = Math.ceil(indices.length / SHAPE_STEP) * SHAPE_STEP;
  const padded = Array.from({ length }, (_, i) => indices[i] ?? indices[0]!);
  return { padded, weights: new Float32Array(length).fill(1, 0, indices.length) };
}

type Trained = Tensor2D | Tensor3D;

/** Σ over real rows of the losses, with gradients with respect to `trained`. */
function lossAndGradients(
  target: GradientTarget,
  indices: readonly number[],
  trained: Trained[],
): { value: Tensor; grads: Tensor[] } {
  const { padded, weights } = padGroup(indices);
  const weightTensor = tf.tensor1d(weights);
  registerTapeGradients();
  return tf.valueAndGrads((...inputs: Tensor[]) => {
    const factors = replaceTrained(target.factors, inputs as Trained[], target.trainsA);
    const adapters = tensorAdapters(target.spec, factors, target.trainsA);
    return tf.sum<tf.Scalar>(tf.mul(target.losses.losses(padded, adapters), weightTensor));
  })(trained);
}

/** Squared L2 norm of each example's joint gradient; axis by axis and pair by pair, so that float32 keeps its digits. */
function squaredNorms(grads: readonly Tensor3D[]): Tensor1D {
  return grads
    .map((grad) => tf.sum<Tensor1D>(tf.sum(tf.square(grad), 2), 1))
    .reduce((a, b) => tf.add(a, b));
}

/** Per-example gradients of a group by one backward pass, with their joint norms. The caller disposes `grads`. */
export interface ExampleGradients {
  /** [padded examples, rows, columns] per trained factor, transposed as in {@link FactorTensors}. */
  readonly grads: Tensor3D[];
  /** One per padded example; 0 in padding. */
  readonly norms: Float32Array;
  readonly lossSum: number;
}

/**
 * Each example gets its own copy of the trained factors, so that the gradient of the summed loss with respect to the
 * copies is each example's gradient.
 * @throws TrainingFailure where a norm or the loss is not finite
 */
export async function exampleGradients(
  target: GradientTarget,
  indices: readonly number[],
): Promise<ExampleGradients> {
  const { padded } = padGroup(indices);
  const [packed, ...grads] = tf.tidy(() => {
    const tiled = trainedFactors(target.factors, target.trainsA).map((factor) =>
      tf.tile<Tensor3D>(tf.expandDims(factor, 0), [padded.length, 1, 1]),
    );
    const { value, grads: raw } = lossAndGradients(target, indices, tiled);
    const squares = squaredNorms(raw as Tensor3D[]);
    return [tf.concat1d([squares, tf.reshape<tf.Rank.R1>(value, [1])]), ...(raw as Tensor3D[])] as [
      Tensor1D,
      ...Tensor3D[],
    ];
  });
  try {
    const read = (await packed.data()) as Float32Array;
    requireFinite(read, 'a gradient norm or loss');
    return { grads, norms: read.subarray(0, -1).map(Math.sqrt), lossSum: read.at(-1)! };
  } catch (error) {
    tf.dispose(grads);
    throw error;
  } finally {
    packed.dispose();
  }
}

/** Σ of the group's gradients, each clipped to `clippingNorm` over all trained factors together. */
export async function clippedGradientSum(
  target: GradientTarget,
  indices: readonly number[],
  clippingNorm: number,
): Promise<GradientSum> {
  const { grads, norms, lossSum } = await exampleGradients(target, indices);
  const summed = tf.tidy(() => {
    const factors = tf.tensor2d(clipFactors(norms, clippingNorm), [1, norms.length]);
    return flattenTransposed(grads.map((grad) => weightedSum(factors, grad)));
  });
  tf.dispose(grads);
  return { gradient: await readAndDispose(summed), lossSum };
}

/** Σ over examples of factor · gradient: [1, examples] · [examples, rows · columns] as [rows, columns]. */
function weightedSum(factors: Tensor2D, grad: Tensor3D): Tensor2D {
  const [examples, rows, columns] = grad.shape;
  const product = tf.matMul(factors, tf.reshape<tf.Rank.R2>(grad, [examples, rows * columns]));
  return tf.reshape(product, [rows, columns]);
}

/** Σ of the group's gradients without clipping: for federations that protect nothing. */
export async function plainGradientSum(
  target: GradientTarget,
  indices: readonly number[],
): Promise<GradientSum> {
  const [value, summed] = tf.tidy(() => {
    const trained = trainedFactors(target.factors, target.trainsA);
    const { value: loss, grads } = lossAndGradients(target, indices, trained);
    return [loss, flattenTransposed(grads as Tensor2D[])] as const;
  });
  const [lossValue, gradient] = await Promise.all([readAndDispose(value), readAndDispose(summed)]);
  return { gradient, lossSum: lossValue[0]! };
}

async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  try {
    const values = (await tensor.data()) as Float32Array;
    requireFinite(values, 'a gradient or loss');
    // The cpu backend hands out its own memory.
    return values.slice();
  } finally {
    tensor.dispose();
  }
}

function requireFinite(values: Float32Array, what: string): void {
  if (!values.every(Number.isFinite)) {
    throw new TrainingFailure('not-finite', `${what} is NaN or infinite`);
  }
}
