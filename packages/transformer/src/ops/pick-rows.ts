import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import { coarseOp, transposeLast } from './coarse-op.ts';

/**
 * Of x, [batch · tokens, width], the row at each example's position: [batch, width]. Written as a
 * product with a 0/1 matrix, because wasm has no kernel for the gradient of a gather.
 */
export function pickRows(x: Tensor2D, positions: readonly number[]): Tensor2D {
  const batch = positions.length;
  const [rows, width] = x.shape;
  const tokens = rows / batch;
  const hot = new Float32Array(batch * tokens);
  positions.forEach((position, example) => {
    if (!Number.isInteger(position) || position < 0 || position >= tokens) {
      throw new RangeError(
        `position of example ${example} must be from 0 to ${tokens - 1}, got ${position}`,
      );
    }
    hot[example * tokens + position] = 1;
  });
  return coarseOp(
    [x],
    () => {
      const chosen = tf.tensor3d(hot, [batch, 1, tokens]);
      const picked = tf.matMul(chosen, tf.reshape(x, [batch, tokens, width])); // [batch, 1, width]
      return { value: tf.reshape(picked, [batch, width]), saved: [chosen] };
    },
    (dy, [chosen]) => {
      const spread = tf.matMul(
        transposeLast(chosen as tf.Tensor3D),
        tf.reshape(dy, [batch, 1, width]),
      ); // [batch, tokens, width]
      return [tf.reshape(spread, [rows, width])];
    },
  );
}
