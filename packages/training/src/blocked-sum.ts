import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

// Sums over examples in float32 are off by as many roundings as a term passes through. The noise allows for a public number
// of them (privacy's longestSumChain), so that a longer sum is taken in blocks whose sums are added.

/** Examples in a block; groups that are summed in blocks are padded to a multiple of it. */
export const BLOCK_ROWS = 8;

/** Most examples of one micro-batch whose sum, in one go or in blocks, keeps within `chain` additions a term. */
export function mostRows(chain: number): number {
  return Math.max(chain, BLOCK_ROWS * (chain - BLOCK_ROWS));
}

/** Rows [blocks, …] added up: a product with ones, which every backend has. */
function addBlocks(blocks: Tensor2D): Tensor2D {
  return tf.matMul(tf.ones<tf.Rank.R2>([1, blocks.shape[0]]), blocks);
}

/** leftᵀ · right over the examples: [examples, r], [examples, columns] to [r, columns]. */
export function sumOfProducts(left: Tensor2D, right: Tensor2D, isBlocked: boolean): Tensor2D {
  const [rows, r] = left.shape;
  const columns = right.shape[1];
  if (!isBlocked) return tf.matMul(tf.transpose<Tensor2D>(left, [1, 0]), right);
  const blocks = rows / BLOCK_ROWS;
  const transposed = tf.transpose<Tensor3D>(
    tf.reshape<tf.Rank.R3>(left, [blocks, BLOCK_ROWS, r]),
    [0, 2, 1],
  );
  const products = tf.matMul(transposed, tf.reshape(right, [blocks, BLOCK_ROWS, columns]));
  return tf.reshape(addBlocks(tf.reshape(products, [blocks, r * columns])), [r, columns]);
}

/** Σ factor · row: factors of [examples, columns] to [1, columns]. */
export function weightedRowSum(
  factors: Float32Array,
  matrix: Tensor2D,
  isBlocked: boolean,
): Tensor2D {
  const [rows, columns] = matrix.shape;
  if (!isBlocked) return tf.matMul(tf.tensor2d(factors, [1, rows]), matrix);
  const blocks = rows / BLOCK_ROWS;
  const products = tf.matMul(
    tf.tensor3d(factors, [blocks, 1, BLOCK_ROWS]),
    tf.reshape<tf.Rank.R3>(matrix, [blocks, BLOCK_ROWS, columns]),
  );
  return addBlocks(tf.reshape(products, [blocks, columns]));
}
