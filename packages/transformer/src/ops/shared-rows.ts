import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

// Copies of one batch that differ in their adapters alone have the same rows up to the first of them: these are computed
// once and repeated, copy by copy, where they meet rows of their own. wasm broadcasts 100 times faster than it tiles.

/** x as it is, or, where it is shared, once for each copy. */
export function widen(x: Tensor2D, rows: number): Tensor2D {
  const [shared, width] = x.shape;
  if (shared === rows) return x;
  const zeros = tf.zeros<tf.Rank.R3>([rows / shared, 1, 1]);
  const one: Tensor3D = tf.reshape(x, [1, shared, width]);
  return tf.reshape(tf.add<Tensor3D>(one, zeros), [rows, width]);
}

/** x + y, of which one may be shared. */
export function addRows(x: Tensor2D, y: Tensor2D): Tensor2D {
  const [rows, width] = y.shape;
  const [shared] = x.shape;
  if (shared === rows) return tf.add(x, y);
  if (shared > rows) return addRows(y, x);
  const one: Tensor3D = tf.reshape(x, [1, shared, width]);
  const copies: Tensor3D = tf.reshape(y, [rows / shared, shared, width]);
  return tf.reshape(tf.add<Tensor3D>(one, copies), [rows, width]);
}
