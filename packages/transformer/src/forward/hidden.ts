import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import { normalize } from '../ops/norm.ts';
import { embed } from './embed.ts';
import { startRun } from './layer-run.ts';
import { attend, finishLayer, pickAttended } from './layer.ts';
import type { LayerRun } from './layer.ts';

export interface HiddenOptions {
  adapters?: TensorAdapters | null;
  /** One position per example: the last layer's row-wise part then runs on these rows alone. */
  positions?: readonly number[] | null;
}

/**
 * The hidden states after the final norm, differentiable with respect to the adapters.
 *
 * @param ids int32 [batch, tokens]; padding on the right does no harm under the causal mask
 * @returns [batch, dModel] at `positions` where they are given, else [batch, tokens, dModel]
 */
export function forwardHidden(
  model: BaseModel,
  ids: Tensor2D,
  options: HiddenOptions & { positions: readonly number[] },
): Tensor2D;
export function forwardHidden(
  model: BaseModel,
  ids: Tensor2D,
  options?: HiddenOptions & { positions?: null },
): Tensor3D;
export function forwardHidden(
  model: BaseModel,
  ids: Tensor2D,
  options?: HiddenOptions,
): Tensor2D | Tensor3D;
export function forwardHidden(
  model: BaseModel,
  ids: Tensor2D,
  { adapters = null, positions = null }: HiddenOptions = {},
): Tensor2D | Tensor3D {
  return tf.tidy(() => {
    const [batch, tokens] = ids.shape;
    const run = startRun(model.config, batch, tokens, adapters);
    return runToEnd(model, embed(model, ids), { from: 0, run, positions });
  });
}

interface RunToEnd {
  /** The layer that `x` enters. */
  from: number;
  run: LayerRun;
  positions: readonly number[] | null;
}

/** From the input of a layer, [batch · tokens, dModel], through the final norm. */
export function runToEnd(
  model: BaseModel,
  x: Tensor2D,
  { from, run, positions }: RunToEnd,
): Tensor2D | Tensor3D {
  const layers = model.weights.layers;
  let rows = x;
  layers.slice(from).forEach((layer, index) => {
    const isLast = from + index === layers.length - 1;
    // Without a tape a layer's intermediates go as soon as it has run.
    rows = tf.tidy(() => {
      const attended = attend(layer, rows, run);
      if (!isLast || positions === null) return finishLayer(layer, attended, run);
      const kept = pickAttended(attended, positions, run.shape.tokens);
      return finishLayer(layer, kept, { ...run, sharedRows: positions.length });
    });
  });
  const hidden = normalize(rows, model.weights.finalNorm);
  if (positions !== null) return hidden;
  const { tokens } = run.shape;
  return tf.reshape<tf.Rank.R3>(hidden, [hidden.shape[0] / tokens, tokens, model.config.dModel]);
}

/** From the embeddings up to the input of layer `end`. */
export function runUpTo(model: BaseModel, x: Tensor2D, end: number, run: LayerRun): Tensor2D {
  return model.weights.layers
    .slice(0, end)
    .reduce((rows, layer) => finishLayer(layer, attend(layer, rows, run), run), x);
}
