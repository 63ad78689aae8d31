import type { BaseModel } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { learningRate, type Subject } from './subject.ts';

// The same Llama layers written with stock tfjs operations and differentiated by tfjs itself: the peer of the bench.

interface Sizes {
  batch: number;
  tokens: number;
  heads: number;
  headDim: number;
}

function rmsNorm(x: Tensor, gain: Tensor1D, epsilon: number): Tensor2D {
  const mean = tf.mean(tf.square(x), -1, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(mean, epsilon))), gain);
}

function rotaryAngles({ tokens, headDim }: Sizes, theta: number): { cos: Tensor; sin: Tensor } {
  const half = headDim / 2;
  const angle = (i: number) => Math.floor(i / half) * theta ** (-(i % half) / half);
  const table = (f: (x: number) => number) =>
    tf.tensor2d(
      Float32Array.from({ length: tokens * half }, (_, i) => f(angle(i))),
      [tokens, half],
    );
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

function rotate(x: Tensor4D, { cos, sin }: { cos: Tensor; sin: Tensor }): Tensor4D {
  const [left, right] = tf.split(x, 2, 3);
  return tf.concat<Tensor4D>(
    [
      tf.sub<Tensor4D>(tf.mul(left!, cos), tf.mul(right!, sin)),
      tf.add<Tensor4D>(tf.mul(right!, cos), tf.mul(left!, sin)),
    ],
    3,
  );
}

function splitHeads(x: Tensor2D, { batch, tokens, heads, headDim }: Sizes): Tensor4D {
  return tf.transpose(tf.reshape(x, [batch, tokens, heads, headDim]), [0, 2, 1, 3]);
}

function adapted(frozen: Tensor2D, x: Tensor2D, a: Tensor2D, b: Tensor, scaling: number): Tensor2D {
  const inner = tf.matMul<Tensor2D>(x, a);
  const delta =
    b.rank === 2
      ? tf.matMul<Tensor2D>(inner, b)
      : tf.reshape(
          tf.matMul(tf.reshape(inner, [b.shape[0], -1, b.shape[1]!]), b as Tensor3D),
          frozen.shape,
        );
  return tf.add(frozen, tf.mul(delta, scaling));
}

function causalMask(tokens: number): Tensor2D {
  const mask = Float32Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
  );
  return tf.tensor2d(mask, [tokens, tokens]);
}

/** Mean loss of each example over all its tokens, [batch]. */
function losses(
  { model, spec }: Subject,
  a: readonly Tensor2D[],
  b: readonly Tensor[],
  ids: Tensor2D,
  targets: Tensor2D,
): Tensor1D {
  const { config, weights } = model;
  const [batch, tokens] = ids.shape;
  const shape: Sizes = { batch, tokens, heads: config.heads, headDim: config.headDim };
  const scaling = spec.alpha / spec.rank;
  const mask = causalMask(tokens);
  const angles = rotaryAngles(shape, config.ropeTheta!);
  let x = tf.gather(weights.embedding.rows(), tf.reshape(ids, [-1]));
  weights.layers.forEach((layer, l) => {
    x = runLayer(model, layer, x, { shape, mask, angles, scaling, a, b, first: 2 * l });
  });
  const hidden = rmsNorm(x, weights.finalNorm.gain, weights.finalNorm.epsilon);
  const logits = tf.matMul(hidden, weights.head.rows(), false, true);
  const hot = tf.oneHot(tf.reshape(targets, [-1]), config.vocabSize);
  const perToken = tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), hot), -1));
  return tf.mean(tf.reshape(perToken, [batch, tokens]), 1);
}

interface LayerContext {
  shape: Sizes;
  mask: Tensor2D;
  angles: { cos: Tensor; sin: Tensor };
  scaling: number;
  a: readonly Tensor2D[];
  b: readonly Tensor[];
  /** Index of the layer's query adapter; the value's is the next. */
  first: number;
}

function runLayer(
  model: BaseModel,
  layer: BaseModel['weights']['layers'][number],
  x: Tensor2D,
  { shape, mask, angles, scaling, a, b, first }: LayerContext,
): Tensor2D {
  const { queryKeyValue, feedForward } = layer;
  if (queryKeyValue.kind !== 'separate' || feedForward.kind !== 'gated') {
    throw new TypeError(`the peer is a Llama, got ${model.config.architecture}`);
  }
  const of = (linear: typeof queryKeyValue.query) => linear.matrix.columns();
  const n = rmsNorm(x, layer.attentionNorm.gain, layer.attentionNorm.epsilon);
  const { query, key, value } = queryKeyValue;
  const q = adapted(tf.matMul(n, of(query)), n, a[first]!, b[first]!, scaling);
  const v = adapted(tf.matMul(n, of(value)), n, a[first + 1]!, b[first + 1]!, scaling);
  const queries = rotate(splitHeads(q, shape), angles);
  const keys = rotate(splitHeads(tf.matMul(n, of(key)), shape), angles);
  const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(shape.headDim));
  const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), splitHeads(v, shape));
  const heads = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), x.shape);
  const attended = tf.add<Tensor2D>(x, tf.matMul(heads, of(layer.output)));
  const m = rmsNorm(attended, layer.feedForwardNorm.gain, layer.feedForwardNorm.epsilon);
  const gate = tf.matMul(m, of(feedForward.gate));
  const silu = tf.mul(gate, tf.sigmoid(gate));
  const up = tf.matMul(m, of(feedForward.up));
  return tf.add(attended, tf.matMul(tf.mul<Tensor2D>(silu, up), of(feedForward.down)));
}

/** One SGD step of the peer at a time. */
export interface Peer {
  step(): Promise<void>;
  /** Sum of the gradients at the start, B as in files, [out, rank] row-major, target by target. */
  gradientSum(): Promise<Float32Array>;
  dispose(): void;
}

/**
 * @param clip L2 bound of per-example gradients, taken through tiled B; null for the plain gradient
 * @param noise what is added to the sum
 */
export function autodiffPeer(
  subject: Subject,
  clip: number | null,
  noise: (sum: Float32Array) => Float32Array,
): Peer {
  const { spec, weights, examples } = subject;
  const batch = examples.length;
  const sequences = examples.map(({ promptIds, targetIds }) => [...promptIds, ...targetIds!]);
  const ids = tf.tensor2d(
    sequences.map((s) => s.slice(0, -1)),
    undefined,
    'int32',
  );
  const targets = tf.tensor2d(
    sequences.map((s) => s.slice(1)),
    undefined,
    'int32',
  );
  const fromFile = (values: Float32Array, rows: number): Tensor2D =>
    tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, values.length / rows])));
  const a = weights.loraA.map((values) => fromFile(values, spec.rank));
  let b = weights.loraB.map((values) => fromFile(values, values.length / spec.rank));

  const sum = async (): Promise<Float32Array> => {
    const flat = tf.tidy(() => {
      const inputs =
        clip === null ? b : b.map((f) => tf.tile(tf.expandDims<Tensor3D>(f, 0), [batch, 1, 1]));
      const { grads } = tf.valueAndGrads((...trained: Tensor[]) =>
        tf.sum<tf.Scalar>(losses(subject, a, trained, ids, targets)),
      )(inputs);
      const summed = clip === null ? grads : clipped(grads as Tensor3D[], clip);
      return tf.concat(summed.map((grad) => tf.reshape(tf.transpose(grad), [-1])));
    });
    const values = (await flat.data()) as Float32Array;
    flat.dispose();
    return values.slice();
  };
  return {
    gradientSum: sum,
    step: async () => {
      const released = noise(await sum());
      let start = 0;
      b = b.map((old) => {
        const own = released.subarray(start, start + old.size);
        start += old.size;
        const moved = tf.tidy(() =>
          tf.sub<Tensor2D>(old, tf.mul(fromFile(own, old.shape[1]), learningRate / batch)),
        );
        old.dispose();
        return moved;
      });
    },
    dispose: () => {
      tf.dispose([ids, targets, a, b]);
    },
  };
}

function clipped(grads: readonly Tensor3D[], clip: number): Tensor[] {
  const squares = grads.map((grad) => tf.sum(tf.square(grad), [1, 2]));
  const norms = tf.sqrt(squares.reduce((left, right) => tf.add(left, right)));
  const factors = tf.reshape(tf.minimum(1, tf.div(clip, norms)), [-1, 1, 1]);
  return grads.map((grad) => tf.sum(tf.mul(grad, factors), 0));
}
