import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * −ln softmax(scores)[target] of each row, in nats, as one taped operation.
 * @param scores [rows, classes]
 * @param targets [rows], int32
 */
export function crossEntropy(scores: Tensor2D, targets: Tensor1D): Tensor1D {
  const operation = tf.customGrad<Tensor1D>((...received) => {
    const [x, save] = received as unknown as [Tensor2D, (tensors: Tensor[]) => void];
    const hot = tf.oneHot(targets, x.shape[1]);
    const logProbabilities = tf.logSoftmax(x);
    save([tf.sub(tf.exp(logProbabilities), hot)]);
    return {
      value: tf.neg<Tensor1D>(tf.sum(tf.mul(logProbabilities, hot), 1)),
      gradFunc: (dy: Tensor1D, [slope]: Tensor[]) => tf.mul(slope!, tf.expandDims(dy, 1)),
    };
  });
  return operation(scores);
}

/** x · M for a constant M, [inner, outer], given with its transpose; the gradient reaches x only. */
export function constantProduct(x: Tensor2D, matrix: Tensor2D, transposed: Tensor2D): Tensor2D {
  const operation = tf.customGrad<Tensor2D>((...received) => ({
    value: tf.matMul<Tensor2D>(received[0] as Tensor2D, matrix),
    gradFunc: (dy: Tensor2D) => tf.matMul(dy, transposed),
  }));
  return operation(x);
}
