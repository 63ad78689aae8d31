import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The value of a coarse operation and the tensors its gradient needs. */
export interface Evaluated<T extends Tensor> {
  value: T;
  saved: Tensor[];
}

/**
 * One taped operation with a gradient of its own: tfjs's tape then holds one node and the listed
 * tensors instead of every elementwise intermediate.
 *
 * @param inputs what gradients may flow to; every other tensor that `forward` uses is constant
 * @param backward gradients of the inputs, in their order, never `dy` itself (the tape disposes what
 *   it adds up); constants it uses must outlive the tape
 */
export function coarseOp<T extends Tensor>(
  inputs: Tensor[],
  forward: () => Evaluated<T>,
  backward: (dy: T, saved: Tensor[]) => Tensor[],
): T {
  const operation = tf.customGrad<T>((...received) => {
    const save = received[received.length - 1] as (tensors: Tensor[]) => void;
    const { value, saved } = forward();
    save(saved);
    return { value, gradFunc: backward };
  });
  return operation(...inputs);
}

/** The transpose of the last two axes as a tensor: backends multiply by a transposed flag 10× slower. */
export function transposeLast<T extends Tensor>(matrix: T): T {
  return tf.transpose<T>(matrix, matrix.rank === 2 ? [1, 0] : [0, 2, 1]);
}
