import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import { AdapterTable } from '../adapters.ts';
import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import { causalMask, groupQueries, mergeHeads, splitHeads } from '../ops/attention.ts';
import type { AttentionShape } from '../ops/attention.ts';
import { transposeLast } from '../ops/coarse-op.ts';
import { normalize } from '../ops/norm.ts';
import { rotate, rotaryTables } from '../ops/rotary.ts';
import type { RotaryTables } from '../ops/rotary.ts';
import type { DecoderLayer } from '../weights/model-weights.ts';
import { finishLayer, projectQueryKeyValue } from './layer.ts';

interface Pair {
  /** [kvHeads, tokens so far, headDim], already rotated. */
  keys: Tensor3D;
  values: Tensor3D;
}

/** Keys and values of one growing sequence, per layer, so that each new token runs alone. Inference only. */
export class KeyValueCache {
  readonly #model: BaseModel;
  readonly #adapters: AdapterTable | null;
  readonly #pairs: (Pair | null)[];
  #length = 0;

  constructor(model: BaseModel, adapters: TensorAdapters | null) {
    this.#model = model;
    this.#adapters = adapters === null ? null : new AdapterTable(adapters);
    this.#pairs = model.weights.layers.map(() => null);
  }

  /** Tokens seen so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Runs the next tokens through all layers, before the final norm. Several at once only as the
   * first call: later ones go one by one.
   *
   * @param rows their embeddings, [tokens, dModel]
   */
  advance(rows: Tensor2D): Tensor2D {
    const { config, weights } = this.#model;
    const tokens = rows.shape[0];
    if (this.#length > 0 && tokens > 1) {
      throw new RangeError(`tokens must be 1 after the first call, got ${tokens}`);
    }
    const { heads, kvHeads, headDim, ropeTheta } = config;
    const shape = { batch: 1, tokens, heads, kvHeads, headDim };
    const hidden = tf.tidy(() => {
      const rotary =
        ropeTheta === null ? null : rotaryTables(ropeTheta, headDim, this.#length, tokens);
      return weights.layers.reduce((x, layer, index) => {
        const mixed = this.#attend(layer, index, { x, shape, rotary });
        return finishLayer(
          layer,
          { residual: x, heads: mixed },
          { config, adapters: this.#adapters, sharedRows: tokens },
        );
      }, rows);
    });
    this.#length += tokens;
    return hidden;
  }

  dispose(): void {
    for (const pair of this.#pairs) {
      pair?.keys.dispose();
      pair?.values.dispose();
    }
    this.#pairs.fill(null);
  }

  #attend(
    layer: DecoderLayer,
    index: number,
    { x, shape, rotary }: { x: Tensor2D; shape: AttentionShape; rotary: RotaryTables | null },
  ): Tensor2D {
    const normed = normalize(x, layer.attentionNorm);
    const { q, k, v } = projectQueryKeyValue(layer.queryKeyValue, normed, {
      config: this.#model.config,
      adapters: this.#adapters,
      sharedRows: shape.tokens,
    });
    const turn = (heads: Tensor3D) => (rotary === null ? heads : rotate(heads, rotary));
    const { keys, values } = this.#append(
      index,
      turn(splitHeads(k, shape, shape.kvHeads)),
      splitHeads(v, shape, shape.kvHeads),
    );
    const scaled = tf.mul<Tensor2D>(q, 1 / Math.sqrt(shape.headDim));
    const queries = groupQueries(turn(splitHeads(scaled, shape, shape.heads)), shape);
    const scores = tf.matMul<Tensor3D>(queries, transposeLast(keys)); // [kvHeads, group · tokens, so far]
    const isFirst = keys.shape[1] === shape.tokens;
    const masked = isFirst
      ? tf.add<Tensor3D>(scores, causalMask(shape.tokens, shape.heads / shape.kvHeads))
      : scores;
    return mergeHeads(tf.matMul(tf.softmax(masked), values), shape, shape.heads);
  }

  #append(index: number, keys: Tensor3D, values: Tensor3D): Pair {
    const past = this.#pairs[index] ?? null;
    const pair = {
      keys: tf.keep(past === null ? tf.clone(keys) : tf.concat([past.keys, keys], 1)),
      values: tf.keep(past === null ? tf.clone(values) : tf.concat([past.values, values], 1)),
    };
    past?.keys.dispose();
    past?.values.dispose();
    this.#pairs[index] = pair;
    return pair;
  }
}
