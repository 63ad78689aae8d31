import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { useBackend } from '../testing/backends.ts';
import { registerTapeGradients } from './tape-gradients.ts';

it("without tfjs's own registrations the gradients of add, mul, sum, reshape and split hold", async () => {
  await useBackend('cpu');
  expect(tf.getGradient('Sum')).toBeUndefined();
  registerTapeGradients();
  registerTapeGradients();
  // f(x) = Σ_ij w_j (x_ij + x_ij x_i0) over halves of x: df/dx_ij = w_j (1 + x_i0) (+ Σ_k w_k x_ik for j = 0).
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const w = tf.tensor1d([2, 3]);
  const gradient = tf.grad((t: tf.Tensor) => {
    const [first] = tf.split(t, 2, 1);
    const mixed = tf.add(t, tf.mul(t, tf.reshape(first!, [2, 1])));
    return tf.sum(tf.sum(tf.mul(mixed, w), 1));
  })(x);
  // rows [1, 2] and [3, 4]: w·(1 + x_i0) = [4, 6] and [8, 12]; Σ_k w_k x_ik = 8 and 18.
  expect([...(await gradient.data())]).toEqual([4 + 8, 6, 8 + 18, 12]);
  const scale = tf.grad((s: tf.Tensor) => tf.sum(tf.mul(s, x)))(tf.scalar(2));
  expect([...(await scale.data())]).toEqual([10]); // 1 + 2 + 3 + 4
});
