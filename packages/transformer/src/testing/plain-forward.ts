import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';

import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import type { ModelConfig } from '../config/model-config.ts';
import { rotaryTables } from '../ops/rotary.ts';
import type { FrozenLinear } from '../ops/frozen-linear.ts';
import type { Norm } from '../ops/norm.ts';
import type { DecoderLayer } from '../weights/model-weights.ts';

interface Plain {
  config: ModelConfig;
  batch: number;
  tokens: number;
  adapters: TensorAdapters | null;
}

/**
 * The same network written with stock tfjs operations and tfjs's own gradients: the oracle of the
 * coarse gradients and the baseline of the train-step bench. Returns [batch, dModel] at
 * `positions` after the final norm.
 */
export function plainForwardHidden(
  model: BaseModel,
  ids: Tensor2D,
  {
    adapters = null,
    positions,
  }: { adapters?: TensorAdapters | null; positions: readonly number[] },
): Tensor2D {
  const { config, weights } = model;
  const [batch, tokens] = ids.shape;
  const plain = { config, batch, tokens, adapters };
  let x: Tensor2D = tf.gather(weights.embedding.rows(), tf.reshape(ids, [batch * tokens]));
  if (weights.positions !== null) {
    x = tf.add(
      x,
      tf.tile(tf.slice(weights.positions, [0, 0], [tokens, config.dModel]), [batch, 1]),
    );
  }
  for (const layer of weights.layers) x = plainLayer(layer, x, plain);
  const chosen = tf.oneHot(tf.tensor1d([...positions], 'int32'), tokens); // [batch, tokens]
  const all = tf.reshape(plainNorm(x, weights.finalNorm), [batch, tokens, config.dModel]);
  const picked = tf.matMul(tf.reshape(tf.cast(chosen, 'float32'), [batch, 1, tokens]), all);
  return tf.reshape(picked, [batch, config.dModel]);
}

/** Logits with the head as a transposed operand, as tfjs code usually writes it. */
export function plainLogits(model: BaseModel, hidden: Tensor2D): Tensor2D {
  return tf.matMul(hidden, model.weights.head.rows(), false, true);
}

function plainLayer(layer: DecoderLayer, x: Tensor2D, plain: Plain): Tensor2D {
  const normed = plainNorm(x, layer.attentionNorm);
  const mixed = plainAttention(layer, normed, plain);
  const attended = tf.add<Tensor2D>(x, plainLinear(layer.output, mixed, plain));
  const inner = plainNorm(attended, layer.feedForwardNorm);
  const { feedForward } = layer;
  const up = plainLinear(feedForward.up, inner, plain);
  const active =
    feedForward.kind === 'gated'
      ? tf.mul<Tensor2D>(plainSilu(plainLinear(feedForward.gate, inner, plain)), up)
      : plainGelu(up, plain.config.activation === 'gelu');
  return tf.add(attended, plainLinear(feedForward.down, active, plain));
}

function plainAttention(layer: DecoderLayer, normed: Tensor2D, plain: Plain): Tensor2D {
  const { batch, tokens, config } = plain;
  const { heads, kvHeads, headDim } = config;
  const weights = layer.queryKeyValue;
  const [q, k, v] =
    weights.kind === 'separate'
      ? [weights.query, weights.key, weights.value].map((part) => plainLinear(part, normed, plain))
      : tf.split(plainLinear(weights.all, normed, plain), 3, 1);
  const split = (rows: Tensor, count: number): Tensor4D =>
    tf.transpose(tf.reshape(rows, [batch, tokens, count, headDim]), [0, 2, 1, 3]);
  const repeat = (rows: Tensor4D): Tensor4D => {
    // The gradient of tf.split into one part throws.
    const parts: Tensor[] = kvHeads === 1 ? [rows] : tf.split(rows, kvHeads, 1);
    return tf.concat(
      parts.flatMap((head) => Array<Tensor4D>(heads / kvHeads).fill(head as Tensor4D)),
      1,
    );
  };
  const queries = plainRotate(split(q!, heads), config);
  const keys = repeat(plainRotate(split(k!, kvHeads), config));
  const values = repeat(split(v!, kvHeads));
  const scores = tf.div<Tensor4D>(tf.matMul(queries, keys, false, true), Math.sqrt(headDim));
  const blocked = Float32Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
  );
  const masked = tf.add<Tensor4D>(scores, tf.tensor2d(blocked, [tokens, tokens]));
  const shares = tf.softmax(masked);
  const mixed = tf.matMul<Tensor4D>(shares, values);
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * tokens, heads * headDim]);
}

function plainRotate(x: Tensor4D, { ropeTheta, headDim }: ModelConfig): Tensor4D {
  if (ropeTheta === null) return x;
  const tokens = x.shape[2];
  const { cos, sin } = rotaryTables(ropeTheta, headDim, 0, tokens);
  const [first, second] = tf.split(x, 2, 3) as [Tensor4D, Tensor4D];
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(second), first], 3), sin));
}

function plainLinear(
  linear: FrozenLinear,
  x: Tensor2D,
  { batch, tokens, adapters }: Plain,
): Tensor2D {
  let y = tf.matMul<Tensor2D>(x, linear.matrix.columns());
  if (linear.bias !== null) y = tf.add(y, linear.bias);
  const target = adapters?.spec.targets.findIndex(({ module }) => module === linear.module) ?? -1;
  if (adapters === null || target < 0) return y;
  const b = adapters.b[target]!;
  const inner = tf.matMul(x, adapters.a[target] as Tensor2D);
  const [rank, outputs] = b.shape.slice(-2) as [number, number];
  const delta =
    b.rank === 2
      ? tf.matMul(inner, b)
      : tf.reshape(tf.matMul(tf.reshape(inner, [batch, tokens, rank]), b as Tensor3D), [
          batch * tokens,
          outputs,
        ]);
  return tf.add(y, tf.mul(delta, adapters.scaling));
}

function plainNorm(x: Tensor2D, { gain, bias, epsilon }: Norm): Tensor2D {
  const centered = bias === null ? x : tf.sub<Tensor2D>(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centered), -1, true);
  const scaled = tf.mul<Tensor2D>(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), gain);
  return bias === null ? scaled : tf.add(scaled, bias);
}

function plainSilu(x: Tensor2D): Tensor2D {
  return tf.mul(x, tf.sigmoid(x));
}

function plainGelu(x: Tensor2D, isExact: boolean): Tensor2D {
  const inner = isExact
    ? tf.erf(tf.div(x, Math.SQRT2))
    : tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))))));
  return tf.mul(tf.mul(x, 0.5), tf.add(1, inner));
}
