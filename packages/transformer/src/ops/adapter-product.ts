import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import { coarseOp, transposeLast } from './coarse-op.ts';

/** x · A for a frozen factor [in, r]; the gradient reaches x only. */
export function frozenFactorProduct(x: Tensor2D, factor: Tensor2D): Tensor2D {
  return coarseOp(
    [x],
    () => ({ value: tf.matMul(x, factor), saved: [factor] }),
    (dy, [kept]) => [tf.matMul(dy, transposeLast(kept as Tensor2D))],
  );
}

/**
 * x · F with gradients to both. F is [in, out], shared, or [batch, in, out], one per example, which
 * makes the gradient of a summed loss the per-example gradients.
 *
 * @param x [batch · tokens, in], the rows of one example beside each other
 */
export function trainedFactorProduct(x: Tensor2D, factor: Tensor2D | Tensor3D): Tensor2D {
  if (factor.rank === 2) return product(x, factor as Tensor2D);
  const [batch, inputs, outputs] = factor.shape as [number, number, number];
  const tokens = x.shape[0] / batch;
  const perExample: Tensor3D = tf.reshape(x, [batch, tokens, inputs]); // [batch, tokens, in]
  return tf.reshape(product<Tensor3D>(perExample, factor as Tensor3D), [batch * tokens, outputs]);
}

/**
 * x · F for copies of a batch with a factor each, without a gradient.
 *
 * @param x [copies · rows, in]
 * @param factor [copies, in, out]
 */
export function copiedFactorProduct(x: Tensor2D, factor: Tensor3D): Tensor2D {
  const [copies, inputs, outputs] = factor.shape;
  const rows = x.shape[0];
  if (tf.getBackend() !== 'wasm') {
    const perCopy: Tensor3D = tf.reshape(x, [copies, rows / copies, inputs]);
    return tf.reshape(tf.matMul(perCopy, factor), [rows, outputs]);
  }
  return inputs <= outputs ? blockProduct(x, factor) : productByCopy(x, factor);
}

/** wasm multiplies batches 10 times slower than matrices: each copy's columns beside zeros make one product of two. */
function blockProduct(x: Tensor2D, factor: Tensor3D): Tensor2D {
  const [copies, inputs, outputs] = factor.shape;
  const rows = x.shape[0];
  const own: tf.Tensor4D = tf.reshape(tf.eye(copies), [copies, 1, copies, 1]);
  const perCopy: tf.Tensor4D = tf.reshape(x, [copies, rows / copies, 1, inputs]);
  const blocks = tf.reshape<tf.Rank.R2>(tf.mul(perCopy, own), [rows, copies * inputs]);
  return tf.matMul(blocks, tf.reshape(factor, [copies * inputs, outputs]));
}

function productByCopy(x: Tensor2D, factor: Tensor3D): Tensor2D {
  const [copies, inputs, outputs] = factor.shape;
  const matrices = tf.split(factor, copies, 0);
  return tf.concat(
    tf.split(x, copies, 0).map((own, copy) => {
      const matrix: Tensor2D = tf.reshape(matrices[copy]!, [inputs, outputs]);
      return tf.matMul<Tensor2D>(own, matrix);
    }),
    0,
  );
}

function product<T extends Tensor2D | Tensor3D>(x: T, factor: T): T {
  return coarseOp<T>(
    [x, factor],
    () => ({ value: tf.matMul<T>(x, factor), saved: [x, factor] }),
    (dy, [left, right]) => [
      tf.matMul(dy, transposeLast(right!)),
      tf.matMul(transposeLast(left!), dy),
    ],
  );
}
