import type { AdapterSpec } from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { BaseModel } from '../base-model.ts';
import type { QueryKeyValue } from '../weights/model-weights.ts';
import { embed, padSequences } from './embed.ts';
import { runUpTo } from './hidden.ts';
import { startRun } from './layer-run.ts';
import { attend } from './layer.ts';

/** What the adapted layers need of each example; all below them is frozen and runs once. */
export interface FrozenPrefix {
  /**
   * `embedding`: the ids alone (adapters from layer 0 on). `layer`: the input of the lowest adapted
   * layer. `heads`: residual and heads before the last layer's output map, where adapters sit only
   * behind its attention.
   */
  readonly stage: 'embedding' | 'layer' | 'heads';
  /** The lowest adapted layer. */
  readonly fromLayer: number;
  readonly exampleCount: number;
  /** The one position per example whose hidden state is wanted; null for all. */
  readonly positions: readonly number[] | null;
  readonly sequences: readonly (readonly number[])[];
  /** Tokens of each example. */
  readonly lengths: readonly number[];
  /** Where each example's rows begin in `rows`. */
  readonly rowStarts: readonly number[];
  /** [] at stage embedding, [input] at layer, [residual, heads] at heads; each [rows of all examples, width]. */
  readonly rows: readonly Tensor2D[];
  /** Frees the cached rows. */
  dispose(): void;
}

export interface CacheOptions {
  positions: readonly number[] | null;
  /** Examples per forward pass; default 8. */
  batchSize?: number;
  /** Called after each pass; it may return a promise, so that the caller can let others run. */
  onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** Runs the layers below the lowest adapted one over all sequences; any adapter layout will do. */
export async function cachePrefix(
  model: BaseModel,
  spec: AdapterSpec,
  sequences: readonly (readonly number[])[],
  { positions, batchSize = 8, onProgress }: CacheOptions,
): Promise<FrozenPrefix> {
  checkPositions(sequences, positions);
  const { stage, fromLayer } = stageOf(model, spec);
  const lengths = sequences.map((sequence) => sequence.length);
  const chunks: Tensor2D[][] = [];
  for (let first = 0; first < sequences.length; first += batchSize) {
    const end = Math.min(first + batchSize, sequences.length);
    if (stage !== 'embedding') {
      const chunk = sequences.slice(first, end);
      const atPositions = positions?.slice(first, end) ?? null;
      chunks.push(cacheChunk(model, chunk, { stage, fromLayer, positions: atPositions }));
    }
    await onProgress?.(end, sequences.length);
  }
  const rows = joinChunks(chunks);
  const isOneRow = stage === 'heads' && positions !== null;
  return {
    stage,
    fromLayer,
    exampleCount: sequences.length,
    positions,
    sequences,
    lengths,
    rowStarts: isOneRow ? lengths.map((_, example) => example) : runningSum(lengths),
    rows,
    dispose: () => {
      tf.dispose([...rows]);
    },
  };
}

function checkPositions(
  sequences: readonly (readonly number[])[],
  positions: readonly number[] | null,
): void {
  if (positions !== null && positions.length !== sequences.length) {
    throw new RangeError(
      `positions must hold one per sequence, ${sequences.length}, got ${positions.length}`,
    );
  }
  sequences.forEach(({ length }, example) => {
    const position = positions?.[example] ?? 0;
    if (!Number.isInteger(position) || position < 0 || position >= length) {
      throw new RangeError(
        `position of example ${example} must be below its length ${length}, got ${position}`,
      );
    }
  });
}

interface Stage {
  stage: FrozenPrefix['stage'];
  fromLayer: number;
}

function stageOf({ config, weights }: BaseModel, spec: AdapterSpec): Stage {
  const fromLayer = Math.min(...spec.targets.map(({ layer }) => layer));
  const lowest = weights.layers[fromLayer];
  if (lowest === undefined) {
    throw new RangeError(
      `adapter layers must be from 0 to ${config.layers - 1}, got ${fromLayer} as the lowest`,
    );
  }
  const before = new Set(modulesOf(lowest.queryKeyValue));
  const isBehindAttention =
    fromLayer === config.layers - 1 && !spec.targets.some(({ module }) => before.has(module));
  if (isBehindAttention) return { stage: 'heads', fromLayer };
  return { stage: fromLayer === 0 ? 'embedding' : 'layer', fromLayer };
}

function modulesOf(weights: QueryKeyValue): string[] {
  const linears =
    weights.kind === 'fused' ? [weights.all] : [weights.query, weights.key, weights.value];
  return linears.map(({ module }) => module);
}

interface ChunkOptions extends Stage {
  positions: readonly number[] | null;
}

function cacheChunk(
  model: BaseModel,
  sequences: readonly (readonly number[])[],
  { stage, fromLayer, positions }: ChunkOptions,
): Tensor2D[] {
  return tf.tidy(() => {
    const ids = padSequences(sequences, model.tokenizer.padId);
    const [batch, tokens] = ids.shape;
    const run = startRun(model.config, batch, tokens, null);
    const input = runUpTo(model, embed(model, ids), fromLayer, run);
    const kept: number[] = [];
    sequences.forEach(({ length }, example) => {
      const position = positions?.[example];
      if (stage === 'heads' && position !== undefined) kept.push(example * tokens + position);
      else for (let t = 0; t < length; t++) kept.push(example * tokens + t);
    });
    const index = tf.tensor1d(kept, 'int32');
    if (stage === 'layer') return [tf.gather(input, index)];
    const { residual, heads } = attend(model.weights.layers[fromLayer]!, input, run);
    return [tf.gather(residual, index), tf.gather(heads, index)];
  });
}

function joinChunks(chunks: readonly Tensor2D[][]): Tensor2D[] {
  const streams = chunks[0]?.length ?? 0;
  const joined: Tensor2D[] = [];
  for (let stream = 0; stream < streams; stream++) {
    joined.push(
      tf.concat(
        chunks.map((chunk) => chunk[stream]!),
        0,
      ),
    );
  }
  tf.dispose(chunks.flat());
  return joined;
}

function runningSum(lengths: readonly number[]): number[] {
  let sum = 0;
  return lengths.map((length) => {
    const start = sum;
    sum += length;
    return start;
  });
}
