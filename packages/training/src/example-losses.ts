import { logitsAt, type BaseModel, type TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { classificationHead, type ClassificationHead } from './classification-head.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { Example } from './encode-examples.ts';
import type { ExampleBatches } from './example-batches.ts';
import { pickSpans } from './pick-spans.ts';
import type { Task } from './task.ts';

/** The loss of each example in nats, differentiable with respect to the adapters. */
export interface ExampleLosses {
  /** [indices]; an index may repeat. Where the adapters come in copies, [copies · indices], copy by copy. */
  losses(indices: readonly number[], adapters: TensorAdapters | null): Tensor1D;
  dispose(): void;
}

/** The examples that a forward pass gives rows of, in their order. */
function copied(indices: readonly number[], adapters: TensorAdapters | null): number[] {
  return Array.from({ length: adapters?.copies ?? 1 }, () => indices).flat();
}

/** Softmax cross-entropy over the labels. */
function classificationLosses(batches: ExampleBatches, head: ClassificationHead): ExampleLosses {
  return {
    losses: (indices, adapters) => {
      const labels = copied(indices, adapters).map((index) => batches.examples[index]!.label!);
      const scores = head.scores(batches.hiddenAtEnd(indices, adapters));
      return crossEntropy(scores, tf.tensor1d(labels, 'int32'));
    },
    dispose: () => {
      head.dispose();
    },
  };
}

/** The predictions of the response tokens of some examples, padded to the longest response. */
export interface ResponseRows {
  /** [indices · longest response, vocabSize]. */
  readonly logits: Tensor2D;
  /** Response tokens row by row; 0 in padding. */
  readonly targets: Int32Array;
  /** 1 / response length in each of an example's rows, 0 in padding. */
  readonly weights: Float32Array;
  readonly longestResponse: number;
}

/** Logits of every response token of the indexed examples, copy by copy where the adapters come in copies. */
export function responseRows(
  model: BaseModel,
  batches: ExampleBatches,
  indices: readonly number[],
  adapters: TensorAdapters | null,
): ResponseRows {
  const examples = copied(indices, adapters).map((index) => batches.examples[index]!);
  const counts = examples.map((example) => responseOf(example).length);
  const longestResponse = Math.max(...counts);
  const targets = new Int32Array(examples.length * longestResponse);
  const weights = new Float32Array(targets.length);
  examples.forEach((example, row) => {
    const response = responseOf(example);
    targets.set(response, row * longestResponse);
    const start = row * longestResponse;
    weights.fill(1 / response.length, start, start + response.length);
  });
  const starts = examples.map(({ promptIds }) => promptIds.length - 1);
  const hidden = batches.hiddenOfAll(indices, adapters);
  const rows = pickSpans(hidden, starts, counts, longestResponse);
  return { logits: logitsAt(model, rows), targets, weights, longestResponse };
}

function responseOf({ targetIds }: Example): readonly number[] {
  return targetIds ?? [];
}

/** Mean cross-entropy over each example's response tokens. */
function generationLosses(model: BaseModel, batches: ExampleBatches): ExampleLosses {
  return {
    losses: (indices, adapters) => {
      const rows = responseRows(model, batches, indices, adapters);
      const perToken = crossEntropy(rows.logits, tf.tensor1d(rows.targets, 'int32'));
      const weighted = tf.mul(perToken, tf.tensor1d(rows.weights));
      return tf.sum(tf.reshape(weighted, [-1, rows.longestResponse]), 1);
    },
    dispose: () => undefined,
  };
}

/** The loss that a task trains on. */
export function exampleLosses(
  model: BaseModel,
  task: Task,
  batches: ExampleBatches,
): ExampleLosses {
  return task.kind === 'classification'
    ? classificationLosses(batches, classificationHead(model, task))
    : generationLosses(model, batches);
}
