import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import { coarseOp, transposeLast } from './coarse-op.ts';
import { rotate, rotateBack } from './rotary.ts';
import type { RotaryTables } from './rotary.ts';

/** Sizes of one attention call. */
export interface AttentionShape {
  batch: number;
  tokens: number;
  heads: number;
  kvHeads: number;
  headDim: number;
}

/** Constants of one sequence length, shared by all layers. */
export interface AttentionTables {
  /** [heads / kvHeads · tokens, tokens]: 0 where a query may look, −1e9 where not. */
  mask: Tensor2D;
  /** Null where positions are learned. */
  rotary: RotaryTables | null;
}

const HIDDEN = -1e9;

/** The causal mask, repeated for each query head of a key-value head. */
export function causalMask(tokens: number, group: number): Tensor2D {
  const mask = new Float32Array(group * tokens * tokens);
  for (let row = 0; row < group * tokens; row++) {
    mask.fill(HIDDEN, row * tokens + (row % tokens) + 1, (row + 1) * tokens);
  }
  return tf.tensor2d(mask, [group * tokens, tokens]);
}

/**
 * Causal attention with rotary positions and grouped queries as one taped operation. The query
 * heads of one key-value head are stacked as rows, so nothing is tiled and the gradient of k and v
 * sums over the group by itself.
 *
 * @param q [batch · tokens, heads · headDim]
 * @param k [batch · tokens, kvHeads · headDim]
 * @param v as k
 * @returns [batch · tokens, heads · headDim]
 */
export function causalAttention(
  q: Tensor2D,
  k: Tensor2D,
  v: Tensor2D,
  tables: AttentionTables,
  shape: AttentionShape,
): Tensor2D {
  const scale = 1 / Math.sqrt(shape.headDim);
  return coarseOp(
    [q, k, v],
    () => {
      const queries = groupQueries(
        tf.mul<Tensor3D>(turned(q, tables, shape, shape.heads), scale),
        shape,
      );
      const keys = turned(k, tables, shape, shape.kvHeads); // [batch · kvHeads, tokens, headDim]
      const values = splitHeads(v, shape, shape.kvHeads);
      const scores = tf.add<Tensor3D>(tf.matMul(queries, transposeLast(keys)), tables.mask);
      const weights = tf.softmax(scores); // [batch · kvHeads, group · tokens, tokens]
      const mixed = tf.matMul<Tensor3D>(weights, values); // [batch · kvHeads, group · tokens, headDim]
      const saved = [queries, keys, values, weights, ...rotaryTensors(tables)];
      return { value: mergeHeads(mixed, shape, shape.heads), saved };
    },
    (dy, saved) => attentionGradient(dy, saved, scale, shape),
  );
}

function attentionGradient(
  dy: Tensor2D,
  saved: Tensor[],
  scale: number,
  shape: AttentionShape,
): Tensor[] {
  const [queries, keys, values, weights] = saved as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
  const [cos, sin, swap] = saved.slice(4) as Tensor2D[];
  const dMixed: Tensor3D = groupQueries(splitHeads(dy, shape, shape.heads), shape);
  const dWeights = tf.matMul(dMixed, transposeLast(values));
  const along = tf.sum(tf.mul(dWeights, weights), -1, true);
  const dScores = tf.mul<Tensor3D>(weights, tf.sub(dWeights, along));
  const dQueries = tf.mul<Tensor3D>(tf.matMul(dScores, keys), scale);
  const dKeys = tf.matMul<Tensor3D>(transposeLast(dScores), queries);
  const dValues = tf.matMul<Tensor3D>(transposeLast(weights), dMixed);
  const back = (x: Tensor3D) =>
    cos !== undefined && sin !== undefined && swap !== undefined
      ? rotateBack(x, { cos, sin, swap })
      : x;
  const { batch, heads, kvHeads, tokens, headDim } = shape;
  const perHead: Tensor3D = tf.reshape(dQueries, [batch * heads, tokens, headDim]);
  return [
    mergeHeads(back(perHead), shape, heads),
    mergeHeads(back(dKeys), shape, kvHeads),
    mergeHeads(dValues, shape, kvHeads),
  ];
}

function rotaryTensors({ rotary }: AttentionTables): Tensor[] {
  return rotary === null ? [] : [rotary.cos, rotary.sin, rotary.swap];
}

function turned(
  x: Tensor2D,
  { rotary }: AttentionTables,
  shape: AttentionShape,
  heads: number,
): Tensor3D {
  const split = splitHeads(x, shape, heads);
  return rotary === null ? split : rotate(split, rotary);
}

/** [batch · tokens, heads · headDim] to [batch · heads, tokens, headDim]. */
export function splitHeads(x: Tensor2D, shape: AttentionShape, heads: number): Tensor3D {
  const { batch, tokens, headDim } = shape;
  const byToken = tf.reshape(x, [batch, tokens, heads, headDim]);
  return tf.reshape(tf.transpose(byToken, [0, 2, 1, 3]), [batch * heads, tokens, headDim]);
}

/** The inverse of {@link splitHeads}, from any [batch · heads · tokens · headDim] of that order. */
export function mergeHeads(x: Tensor3D, shape: AttentionShape, heads: number): Tensor2D {
  const { batch, tokens, headDim } = shape;
  const byHead = tf.reshape(x, [batch, heads, tokens, headDim]);
  return tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [batch * tokens, heads * headDim]);
}

/** [batch · heads, tokens, headDim] to [batch · kvHeads, group · tokens, headDim], without moving a number. */
export function groupQueries(x: Tensor3D, shape: AttentionShape): Tensor3D {
  const { batch, tokens, heads, kvHeads, headDim } = shape;
  return tf.reshape(x, [batch * kvHeads, (heads / kvHeads) * tokens, headDim]);
}
