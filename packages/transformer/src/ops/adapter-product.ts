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
