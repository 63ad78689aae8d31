import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

import { coarseOp } from './coarse-op.ts';

/** A frozen normalization: layer norm where it has a bias (GPT-2), RMS norm where not (Llama). */
export interface Norm {
  gain: Tensor1D;
  bias: Tensor1D | null;
  epsilon: number;
}

/** Normalizes each row of x, [rows, dModel]; the gradient reaches x only. */
export function normalize(x: Tensor2D, norm: Norm): Tensor2D {
  return norm.bias === null ? rmsNorm(x, norm) : layerNorm(x, norm, norm.bias);
}

/** y = x / sqrt(mean(x²) + ε) · g (Zhang and Sennrich 2019, equation 4). */
function rmsNorm(x: Tensor2D, { gain, epsilon }: Norm): Tensor2D {
  return coarseOp(
    [x],
    () => {
      const inverse = inverseRoot(x, epsilon); // [rows, 1]
      const unit = tf.mul<Tensor2D>(x, inverse);
      return { value: tf.mul<Tensor2D>(unit, gain), saved: [unit, inverse] };
    },
    (dy, [unit, inverse]) => {
      const scaled = tf.mul(dy, gain);
      const along = tf.mul(unit!, rowMean(tf.mul(scaled, unit!)));
      return [tf.mul(inverse!, tf.sub(scaled, along))];
    },
  );
}

/** y = (x − mean) / sqrt(var + ε) · g + b (Ba, Kiros and Hinton 2016, equation 4). */
function layerNorm(x: Tensor2D, { gain, epsilon }: Norm, bias: Tensor1D): Tensor2D {
  return coarseOp(
    [x],
    () => {
      const centered = tf.sub<Tensor2D>(x, rowMean(x));
      const inverse = inverseRoot(centered, epsilon); // [rows, 1]
      const unit = tf.mul<Tensor2D>(centered, inverse);
      return { value: tf.add<Tensor2D>(tf.mul(unit, gain), bias), saved: [unit, inverse] };
    },
    (dy, [unit, inverse]) => {
      const scaled = tf.mul<Tensor2D>(dy, gain);
      const along = tf.mul(unit!, rowMean(tf.mul(scaled, unit!)));
      return [tf.mul(inverse!, tf.sub(tf.sub(scaled, rowMean(scaled)), along))];
    },
  );
}

function inverseRoot(x: Tensor2D, epsilon: number): Tensor2D {
  return tf.rsqrt(tf.add(rowMean(tf.square(x)), epsilon));
}

function rowMean(x: tf.Tensor): Tensor2D {
  return tf.mean(x, -1, true);
}
