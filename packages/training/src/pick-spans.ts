import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Of each example in x, [batch, tokens, width], the rows start … start + length − 1, padded with zero rows:
 * [batch · length, width]. A product with a 0/1 matrix, because wasm has no kernel for the gradient of a gather.
 * @param length rows per example; spans may be shorter, as `counts` says
 */
export function pickSpans(
  x: Tensor3D,
  starts: readonly number[],
  counts: readonly number[],
  length: number,
): Tensor2D {
  const [batch, tokens, width] = x.shape;
  const hot = new Float32Array(batch * length * tokens);
  starts.forEach((start, example) => {
    for (let i = 0; i < counts[example]!; i += 1) {
      hot[(example * length + i) * tokens + start + i] = 1;
    }
  });
  const operation = tf.customGrad<Tensor2D>((...received) => {
    const [input, save] = received as unknown as [Tensor3D, (tensors: Tensor[]) => void];
    const chosen = tf.tensor3d(hot, [batch, length, tokens]);
    save([chosen]);
    return {
      value: tf.reshape<tf.Rank.R2>(tf.matMul(chosen, input), [batch * length, width]),
      gradFunc: (dy: Tensor2D, saved: Tensor[]) =>
        tf.matMul(
          tf.transpose(saved[0] as Tensor3D, [0, 2, 1]),
          tf.reshape(dy, [batch, length, width]),
        ),
    };
  });
  return operation(x);
}
