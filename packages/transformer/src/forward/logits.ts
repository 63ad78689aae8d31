import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { BaseModel } from '../base-model.ts';
import { coarseOp } from '../ops/coarse-op.ts';
import { frozenLinear } from '../ops/frozen-linear.ts';

/** Logits over the whole vocabulary: hidden [rows, dModel] to [rows, vocabSize]. */
export function logitsAt(model: BaseModel, hidden: Tensor2D): Tensor2D {
  return frozenLinear(hidden, { module: 'lm_head', matrix: model.weights.head, bias: null });
}

/** Logits of the named tokens alone: hidden [rows, dModel] to [rows, ids.length]. */
export function logitsFor(model: BaseModel, hidden: Tensor2D, ids: readonly number[]): Tensor2D {
  const outside = ids.find((id) => !(id >= 0 && id < model.config.vocabSize));
  if (outside !== undefined || ids.length === 0) {
    throw new RangeError(
      `ids must be at least one token id below ${model.config.vocabSize}, got ${String(outside)}`,
    );
  }
  return coarseOp(
    [hidden],
    () => {
      const rows = tf.gather(model.weights.head.rows(), tf.tensor1d([...ids], 'int32')); // [ids, dModel]
      return { value: tf.matMul(hidden, tf.transpose(rows, [1, 0])), saved: [rows] };
    },
    (dy, [rows]) => [tf.matMul(dy, rows as Tensor2D)],
  );
}
