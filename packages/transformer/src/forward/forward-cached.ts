import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import { AdapterTable } from '../adapters.ts';
import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import { normalize } from '../ops/norm.ts';
import { embed, padSequences } from './embed.ts';
import { runToEnd } from './hidden.ts';
import { startRun } from './layer-run.ts';
import { finishLayer } from './layer.ts';
import type { FrozenPrefix } from './prefix.ts';

/**
 * The adapted layers over a batch of cached examples, through the final norm.
 *
 * @param indices the examples of the batch; an index may repeat
 * @returns at the prefix's positions [indices, dModel]; without positions
 *   [indices, longest of the batch, dModel], padded on the right; copy by copy where the adapters come in copies
 */
export function forwardCached(
  model: BaseModel,
  prefix: FrozenPrefix,
  indices: readonly number[],
  adapters: TensorAdapters | null,
): Tensor2D | Tensor3D {
  const outside = indices.find((index) => !(index >= 0 && index < prefix.exampleCount));
  if (outside !== undefined || indices.length === 0) {
    throw new RangeError(
      `indices must be at least one of 0 to ${prefix.exampleCount - 1}, got ${String(outside)}`,
    );
  }
  return tf.tidy(() => {
    if (prefix.stage === 'heads') return finishFromHeads(model, prefix, indices, adapters);
    const tokens = longest(prefix, indices);
    const run = startRun(model.config, indices.length, tokens, adapters);
    const input =
      prefix.stage === 'embedding'
        ? embed(
            model,
            padSequences(
              indices.map((index) => prefix.sequences[index]!),
              model.tokenizer.padId,
            ),
          )
        : tf.gather(prefix.rows[0]!, paddedRows(prefix, indices, tokens));
    const { positions: all } = prefix;
    const positions = all === null ? null : indices.map((index) => all[index]!);
    return runToEnd(model, input, { from: prefix.fromLayer, run, positions });
  });
}

function finishFromHeads(
  model: BaseModel,
  prefix: FrozenPrefix,
  indices: readonly number[],
  adapters: TensorAdapters | null,
): Tensor2D | Tensor3D {
  const { config, weights } = model;
  const tokens = prefix.positions === null ? longest(prefix, indices) : 1;
  const index = paddedRows(prefix, indices, tokens);
  const rows = {
    residual: tf.gather(prefix.rows[0]!, index),
    heads: tf.gather(prefix.rows[1]!, index),
  };
  const table = adapters === null ? null : new AdapterTable(adapters);
  const last = weights.layers[prefix.fromLayer]!;
  const run = { config, adapters: table, sharedRows: indices.length * tokens };
  const hidden = normalize(finishLayer(last, rows, run), weights.finalNorm);
  if (prefix.positions !== null) return hidden;
  return tf.reshape<tf.Rank.R3>(hidden, [hidden.shape[0] / tokens, tokens, config.dModel]);
}

function longest({ lengths }: FrozenPrefix, indices: readonly number[]): number {
  return indices.reduce((most, index) => Math.max(most, lengths[index]!), 0);
}

/** Row numbers of a right-padded batch; padding repeats the example's first row. */
function paddedRows(prefix: FrozenPrefix, indices: readonly number[], tokens: number): tf.Tensor1D {
  const rows = new Int32Array(indices.length * tokens);
  indices.forEach((index, example) => {
    const start = prefix.rowStarts[index]!;
    const length = Math.min(tokens, prefix.lengths[index]!);
    for (let t = 0; t < tokens; t++) rows[example * tokens + t] = t < length ? start + t : start;
  });
  return tf.tensor1d(rows, 'int32');
}
