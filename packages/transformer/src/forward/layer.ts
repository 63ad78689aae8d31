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
import { addRows, widen } from '../ops/shared-rows.ts';
import type { DecoderLayer, QueryKeyValue } from '../weights/model-weights.ts';

/** What all layers of one forward pass share. */
export interface LayerRun {
  config: ModelConfig;
  shape: AttentionShape;
  tables: AttentionTables;
  adapters: AdapterTable | null;
  /** Rows of one copy of the batch: all, unless the adapters come in copies. */
  sharedRows: number;
}

/** What the row-wise part of a layer needs to know of its forward pass. */
export type RowRun = Pick<LayerRun, 'config' | 'adapters' | 'sharedRows'>;

/** The two streams between a layer's attention and its output map, each [rows, width]. */
export interface AttendedRows {
  residual: Tensor2D;
  /** The heads' outputs side by side, before the output map. */
  heads: Tensor2D;
}

/** The layer's attention over all tokens of x, [batch · tokens, dModel]. */
export function attend(layer: DecoderLayer, x: Tensor2D, run: LayerRun): AttendedRows {
  const normed = normalize(x, layer.attentionNorm);
  const { q, k, v } = projectQueryKeyValue(layer.queryKeyValue, normed, run);
  const rows = Math.max(q.shape[0], k.shape[0], v.shape[0]);
  const shape = { ...run.shape, batch: rows / run.shape.tokens };
  const heads = causalAttention(widen(q, rows), widen(k, rows), widen(v, rows), run.tables, shape);
  return { residual: x, heads };
}

/** Of both streams, each example's row at its position; `tokens` rows are one example's. */
export function pickAttended(
  rows: AttendedRows,
  positions: readonly number[],
  tokens: number,
): AttendedRows {
  const pick = (x: Tensor2D): Tensor2D => {
    const copies = x.shape[0] / (tokens * positions.length);
    return pickRows(x, Array.from({ length: copies }, () => positions).flat());
  };
  return { residual: pick(rows.residual), heads: pick(rows.heads) };
}

/** The rest of the layer, row by row: output map, residual, feed-forward block. */
export function finishLayer(
  layer: DecoderLayer,
  { residual, heads }: AttendedRows,
  run: RowRun,
): Tensor2D {
  const attended = addRows(residual, project(layer.output, heads, run));
  const normed = normalize(attended, layer.feedForwardNorm);
  return addRows(attended, feedForward(layer, normed, run));
}

export interface QueryKeyValueRows {
  q: Tensor2D;
  k: Tensor2D;
  v: Tensor2D;
}

export function projectQueryKeyValue(
  weights: QueryKeyValue,
  normed: Tensor2D,
  run: RowRun,
): QueryKeyValueRows {
  if (weights.kind === 'separate') {
    return {
      q: project(weights.query, normed, run),
      k: project(weights.key, normed, run),
      v: project(weights.value, normed, run),
    };
  }
  const [q, k, v] = tf.split(project(weights.all, normed, run), 3, 1);
  return { q: q as Tensor2D, k: k as Tensor2D, v: v as Tensor2D };
}

function feedForward(
  { feedForward: weights }: DecoderLayer,
  normed: Tensor2D,
  run: RowRun,
): Tensor2D {
  const up = project(weights.up, normed, run);
  if (weights.kind === 'gated') {
    const gate = project(weights.gate, normed, run);
    const rows = Math.max(gate.shape[0], up.shape[0]);
    return project(weights.down, swiGlu(widen(gate, rows), widen(up, rows)), run);
  }
  const active = run.config.activation === 'gelu' ? geluExact(up) : geluTanh(up);
  return project(weights.down, active, run);
}

function project(linear: FrozenLinear, x: Tensor2D, { adapters, sharedRows }: RowRun): Tensor2D {
  const frozen = frozenLinear(x, linear);
  return adapters === null ? frozen : adapters.addTo(frozen, linear.module, x, sharedRows);
}
