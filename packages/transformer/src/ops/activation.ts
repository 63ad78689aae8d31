import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import { coarseOp } from './coarse-op.ts';

/** silu(gate) · up, with silu(x) = x · sigmoid(x) (Shazeer 2020, SwiGLU). */
export function swiGlu(gate: Tensor2D, up: Tensor2D): Tensor2D {
  return coarseOp(
    [gate, up],
    () => {
      const sigmoid = tf.sigmoid(gate);
      const silu = tf.mul<Tensor2D>(gate, sigmoid);
      return { value: tf.mul<Tensor2D>(silu, up), saved: [sigmoid, silu, up] };
    },
    (dy, [sigmoid, silu, right]) => {
      // silu' = sigmoid + silu · (1 − sigmoid)
      const slope = tf.add(sigmoid!, tf.mul(silu!, tf.sub(1, sigmoid!)));
      return [tf.mul(tf.mul(dy, right!), slope), tf.mul(dy, silu!)];
    },
  );
}

const TANH_SCALE = Math.sqrt(2 / Math.PI);
const TANH_CUBIC = 0.044715;

/** GELU by tanh, `gelu_new` (Hendrycks and Gimpel 2016, section 2). */
export function geluTanh(x: Tensor2D): Tensor2D {
  return coarseOp(
    [x],
    () => {
      const inner = tf.add(tf.mul(tf.square(x), TANH_SCALE * TANH_CUBIC), TANH_SCALE);
      const tanh = tf.tanh(tf.mul(x, inner));
      const weight = tf.add(tf.mul(tanh, 0.5), 0.5);
      return { value: tf.mul<Tensor2D>(x, weight), saved: [x, tanh, weight] };
    },
    (dy, [input, tanh, weight]) => {
      const inner = tf.add(tf.mul(tf.square(input!), 3 * TANH_SCALE * TANH_CUBIC), TANH_SCALE);
      const halfSlope = tf.sub(0.5, tf.mul(tf.square(tanh!), 0.5));
      return [tf.mul(dy, tf.add(weight!, tf.mul(tf.mul(input!, halfSlope), inner)))];
    },
  );
}

/** GELU by the normal distribution function: x · Φ(x). */
export function geluExact(x: Tensor2D): Tensor2D {
  return coarseOp(
    [x],
    () => {
      const weight = tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
      return { value: tf.mul<Tensor2D>(x, weight), saved: [x, weight] };
    },
    (dy, [input, weight]) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(input!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [tf.mul(dy, tf.add(weight!, tf.mul(input!, density)))];
    },
  );
}
