import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';

/** Cosines and signed sines of the positions start … start + tokens − 1, each [tokens, 2, headDim / 2]. */
export interface RotaryTables {
  cos: Tensor3D;
  /** −sin for the first half of a head, +sin for the second. */
  signedSin: Tensor3D;
}

/** Tables built in float64 on the CPU: the GPU's own sin and cos are off by 2e-4. */
export function rotaryTables(
  theta: number,
  headDim: number,
  start: number,
  tokens: number,
): RotaryTables {
  const half = headDim / 2;
  const cos = new Float32Array(tokens * headDim);
  const sin = new Float32Array(tokens * headDim);
  for (let t = 0; t < tokens; t++) {
    for (let j = 0; j < half; j++) {
      const angle = (start + t) * theta ** (-j / half);
      const at = t * headDim + j;
      cos[at] = cos[at + half] = Math.cos(angle);
      sin[at + half] = Math.sin(angle);
      sin[at] = -sin[at + half]!;
    }
  }
  const shape: [number, number, number] = [tokens, 2, half];
  return { cos: tf.tensor3d(cos, shape), signedSin: tf.tensor3d(sin, shape) };
}

/** Rotates heads [n, tokens, headDim], halves split as in Hugging Face files (Su et al. 2021, equation 34). */
export function rotate(x: Tensor3D, { cos, signedSin }: RotaryTables): Tensor3D {
  return turn(x, (turned, swapped) => tf.add(tf.mul(turned, cos), tf.mul(swapped, signedSin)));
}

/** The inverse rotation, which is also the gradient's. */
export function rotateBack(x: Tensor3D, { cos, signedSin }: RotaryTables): Tensor3D {
  return turn(x, (turned, swapped) => tf.sub(tf.mul(turned, cos), tf.mul(swapped, signedSin)));
}

function turn(
  x: Tensor3D,
  combine: (halves: tf.Tensor, swapped: tf.Tensor) => tf.Tensor,
): Tensor3D {
  const [n, tokens, headDim] = x.shape;
  const halves = tf.reshape(x, [n, tokens, 2, headDim / 2]);
  return tf.reshape(combine(halves, tf.reverse(halves, 2)), [n, tokens, headDim]);
}
