import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { AdapterTable } from '../adapters.ts';
import type { ModelConfig } from '../config/model-config.ts';
import { geluExact, geluTanh, swiGlu } from '../ops/activation.ts';
import { causalAttention } from '../ops/attention.ts';
import type { AttentionShape, AttentionTables } from '../ops/attention.ts';
import { frozenLinear } from '../ops/frozen-linear.ts';
import type { FrozenLinear } from '../ops/frozen-linear.ts';
import { normalize } from '../ops/norm.ts';
import { pickRows } from '../ops/pick-rows.ts';
import type { DecoderLayer, QueryKeyValue } from '../weights/model-weights.ts';

/** What all layers of one forward pass share. */
export interface LayerRun {
  config: ModelConfig;
  shape: AttentionShape;
  tables: AttentionTables;
  adapters: AdapterTable | null;
}

/** The two streams between a layer's attention and its output map, each [rows, width]. */
export interface AttendedRows {
  residual: Tensor2D;
  /** The heads' outputs side by side, before the output map. */
  heads: Tensor2D;
}

/** The layer's attention over all tokens of x, [batch · tokens, dModel]. */
export function attend(layer: DecoderLayer, x: Tensor2D, run: LayerRun): AttendedRows {
  const normed = normalize(x, layer.attentionNorm);
  const { q, k, v } = projectQueryKeyValue(layer.queryKeyValue, normed, run.adapters);
  return { residual: x, heads: causalAttention(q, k, v, run.tables, run.shape) };
}

/** Of both streams, each example's row at its position. */
export function pickAttended(rows: AttendedRows, positions: readonly number[]): AttendedRows {
  return { residual: pickRows(rows.residual, positions), heads: pickRows(rows.heads, positions) };
}

/** The rest of the layer, row by row: output map, residual, feed-forward block. */
export function finishLayer(
  layer: DecoderLayer,
  { residual, heads }: AttendedRows,
  { config, adapters }: Pick<LayerRun, 'config' | 'adapters'>,
): Tensor2D {
  const attended = tf.add<Tensor2D>(residual, project(layer.output, heads, adapters));
  const normed = normalize(attended, layer.feedForwardNorm);
  return tf.add(attended, feedForward(layer, normed, config, adapters));
}

export interface QueryKeyValueRows {
  q: Tensor2D;
  k: Tensor2D;
  v: Tensor2D;
}

export function projectQueryKeyValue(
  weights: QueryKeyValue,
  normed: Tensor2D,
  adapters: AdapterTable | null,
): QueryKeyValueRows {
  if (weights.kind === 'separate') {
    return {
      q: project(weights.query, normed, adapters),
      k: project(weights.key, normed, adapters),
      v: project(weights.value, normed, adapters),
    };
  }
  const [q, k, v] = tf.split(project(weights.all, normed, adapters), 3, 1);
  return { q: q as Tensor2D, k: k as Tensor2D, v: v as Tensor2D };
}

function feedForward(
  { feedForward: weights }: DecoderLayer,
  normed: Tensor2D,
  { activation }: ModelConfig,
  adapters: AdapterTable | null,
): Tensor2D {
  const up = project(weights.up, normed, adapters);
  if (weights.kind === 'gated') {
    const gate = project(weights.gate, normed, adapters);
    return project(weights.down, swiGlu(gate, up), adapters);
  }
  const active = activation === 'gelu' ? geluExact(up) : geluTanh(up);
  return project(weights.down, active, adapters);
}

function project(linear: FrozenLinear, x: Tensor2D, adapters: AdapterTable | null): Tensor2D {
  const frozen = frozenLinear(x, linear);
  return adapters === null ? frozen : adapters.addTo(frozen, linear.module, x);
}
