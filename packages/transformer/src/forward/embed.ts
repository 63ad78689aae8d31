import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { BaseModel } from '../base-model.ts';

/** Sequences of token ids as one int32 tensor [batch, tokens], padded on the right. */
export function padSequences(sequences: readonly (readonly number[])[], padId: number): Tensor2D {
  const tokens = sequences.reduce((longest, sequence) => Math.max(longest, sequence.length), 0);
  if (tokens === 0) throw new RangeError('sequences must hold at least one token');
  const ids = new Int32Array(sequences.length * tokens).fill(padId);
  sequences.forEach((sequence, row) => {
    ids.set(sequence, row * tokens);
  });
  return tf.tensor2d(ids, [sequences.length, tokens], 'int32');
}

/**
 * The input of layer 0: embeddings, plus learned positions where the model has them.
 *
 * @param ids int32 [batch, tokens], each below vocabSize
 * @param start position of the first token
 * @returns [batch · tokens, dModel]
 */
export function embed({ config, weights }: BaseModel, ids: Tensor2D, start = 0): Tensor2D {
  const [batch, tokens] = ids.shape;
  if (start + tokens > config.maxPositions) {
    throw new RangeError(
      `tokens must be at most maxPositions ${config.maxPositions}, got ${start + tokens}`,
    );
  }
  const rows = tf.gather(weights.embedding.rows(), tf.reshape(ids, [batch * tokens]));
  if (weights.positions === null) return rows;
  const positions = tf.slice(weights.positions, [start, 0], [tokens, config.dModel]);
  const placed = tf.add(tf.reshape(rows, [batch, tokens, config.dModel]), positions);
  return tf.reshape(placed, [batch * tokens, config.dModel]);
}
