import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { TensorAdapters } from './adapters.ts';
import type { BaseModel } from './base-model.ts';
import { embed } from './forward/embed.ts';
import { KeyValueCache } from './forward/key-value-cache.ts';
import { logitsAt } from './forward/logits.ts';
import { normalize } from './ops/norm.ts';

export interface GenerateOptions {
  adapters?: TensorAdapters | null;
  maxNewTokens: number;
  /** Generation ends after one of these; it is then the last of `newIds`. */
  stopIds: readonly number[];
  /** Called with each new token; it may return a promise, so that the caller can let others run. */
  onToken?: (id: number) => void | Promise<void>;
}

export interface Generated {
  newIds: number[];
  /** Natural logarithm of each new token's probability. */
  logprobs: number[];
}

/** Greedy continuation of a prompt; it also ends where the model's positions end. */
export async function generateGreedy(
  model: BaseModel,
  ids: readonly number[],
  { adapters = null, maxNewTokens, stopIds, onToken }: GenerateOptions,
): Promise<Generated> {
  if (ids.length === 0) throw new RangeError('ids must hold at least one token');
  const cache = new KeyValueCache(model, adapters);
  const newIds: number[] = [];
  const logprobs: number[] = [];
  const room = Math.min(maxNewTokens, model.config.maxPositions - ids.length);
  let next = [...ids];
  try {
    while (newIds.length < room) {
      const { id, logprob } = await likeliest(nextLogits(model, cache, next));
      newIds.push(id);
      logprobs.push(logprob);
      await onToken?.(id);
      if (stopIds.includes(id)) break;
      next = [id];
    }
  } finally {
    cache.dispose();
  }
  return { newIds, logprobs };
}

/** Logits after the last of the new tokens, [1, vocabSize]. */
function nextLogits(model: BaseModel, cache: KeyValueCache, ids: readonly number[]): Tensor2D {
  return tf.tidy(() => {
    const rows = embed(model, tf.tensor2d([...ids], [1, ids.length], 'int32'), cache.length);
    const last = tf.slice(cache.advance(rows), [ids.length - 1, 0], [1, model.config.dModel]);
    return logitsAt(model, normalize(last, model.weights.finalNorm));
  });
}

async function likeliest(logits: Tensor2D): Promise<{ id: number; logprob: number }> {
  const values = await logits.data();
  logits.dispose();
  let id = 0;
  for (let token = 1; token < values.length; token++) if (values[token]! > values[id]!) id = token;
  const top = values[id]!;
  if (!Number.isFinite(top)) throw new Error(`logits must be finite, the largest is ${top}`);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - top);
  return { id, logprob: -Math.log(sum) };
}
