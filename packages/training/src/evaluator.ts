import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { BaseModel, TensorAdapters } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeFactors, tensorAdapters, uploadFactors } from './adapter-tensors.ts';
import { largestSize, microBatchSize } from './batch-size.ts';
import { classificationHead, type ClassificationHead } from './classification-head.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { Example } from './encode-examples.ts';
import { prepareExamples, type ExampleBatches, type PrepareProgress } from './example-batches.ts';
import { responseRows } from './example-losses.ts';
import { TrainingFailure } from './failure.ts';
import type { Task } from './task.ts';

/** How an adapter does on a set of examples. */
export interface Evaluation {
  /** Classification: mean cross-entropy over the labels. Generation: mean over all response tokens. In nats. */
  readonly loss: number;
  /** Share of examples (classification) or response tokens (generation) predicted right, in [0, 1]. */
  readonly accuracy: number;
  /** `confusion[truth][prediction]` in counts; null for generation. */
  readonly confusion: number[][] | null;
  /** Predicted label per example; null for generation. */
  readonly predictions: number[] | null;
}

/** Evaluates adapters of one spec on the same examples again and again. */
export interface Evaluator {
  /** @param weights null for the base model alone */
  evaluate(weights: AdapterWeights | null): Promise<Evaluation>;
  dispose(): void;
}

// Scoring keeps no gradients: only the rows bound a micro-batch.
const NO_GRADIENT = 0;

async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    const read = (await Promise.all(tensors.map((tensor) => tensor.data()))) as Float32Array[];
    if (!read.every((values) => values.every(Number.isFinite))) {
      throw new TrainingFailure('not-finite', 'a score is NaN or infinite');
    }
    return read;
  } finally {
    tf.dispose([...tensors]);
  }
}

/** −ln softmax(scores)[label] in double precision, and the best label (the first of equals). */
function scoreRow(scores: Float32Array, label: number): { loss: number; prediction: number } {
  const highest = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  return { loss: highest + Math.log(sum) - scores[label]!, prediction: scores.indexOf(highest) };
}

async function evaluateLabels(
  batches: ExampleBatches,
  head: ClassificationHead,
  groups: readonly number[][],
  adapters: TensorAdapters | null,
): Promise<Evaluation> {
  const { labelCount } = head;
  const confusion = Array.from({ length: labelCount }, () => new Array<number>(labelCount).fill(0));
  const predictions = new Array<number>(batches.examples.length).fill(0);
  let lossSum = 0;
  let right = 0;
  for (const group of groups) {
    const scores = tf.tidy(() => head.scores(batches.hiddenAtEnd(group, adapters)));
    const [values] = await readAll([scores]);
    group.forEach((index, row) => {
      const label = batches.examples[index]!.label!;
      const own = values!.subarray(row * labelCount, (row + 1) * labelCount);
      const { loss, prediction } = scoreRow(own, label);
      lossSum += loss;
      if (prediction === label) right += 1;
      predictions[index] = prediction;
      confusion[label]![prediction]! += 1;
    });
  }
  const count = batches.examples.length;
  return { loss: lossSum / count, accuracy: right / count, confusion, predictions };
}

async function evaluateResponses(
  model: BaseModel,
  batches: ExampleBatches,
  groups: readonly number[][],
  adapters: TensorAdapters | null,
): Promise<Evaluation> {
  let lossSum = 0;
  let right = 0;
  let tokens = 0;
  for (const group of groups) {
    const { rows, tensors } = scoreResponses(model, batches, group, adapters);
    const [losses, best] = await readAll(tensors);
    rows.weights.forEach((weight, i) => {
      if (weight === 0) return;
      tokens += 1;
      lossSum += losses![i]!;
      if (best![i] === rows.targets[i]) right += 1;
    });
  }
  return { loss: lossSum / tokens, accuracy: right / tokens, confusion: null, predictions: null };
}

function scoreResponses(
  model: BaseModel,
  batches: ExampleBatches,
  group: readonly number[],
  adapters: TensorAdapters | null,
) {
  let rows: Pick<ReturnType<typeof responseRows>, 'targets' | 'weights'> | null = null;
  const tensors = tf.tidy(() => {
    const { logits, targets, weights } = responseRows(model, batches, group, adapters);
    rows = { targets, weights };
    return [crossEntropy(logits, tf.tensor1d(targets, 'int32')), tf.argMax(logits, 1)];
  });
  return { rows: rows!, tensors };
}

/** Without an adapter nothing is cached below one: the frozen part ends before the last layer's output map. */
function lastLayerSpec(model: BaseModel): AdapterSpec {
  const layer = model.config.layers - 1;
  const target = { module: '', inFeatures: 1, outFeatures: 1, layer };
  return { rank: 1, alpha: 1, aInit: 'kaiming', aSeed: '-', targets: [target], fanInFanOut: false };
}

/**
 * Runs the frozen layers over the examples once and then scores any adapter of `spec` on them.
 * @param spec null where only the base model itself will be scored
 * @throws TrainingFailure where there is no example or one is too long for the model
 */
export async function createEvaluator(
  model: BaseModel,
  spec: AdapterSpec | null,
  task: Task,
  examples: readonly Example[],
  onProgress?: PrepareProgress,
): Promise<Evaluator> {
  const batches = await prepareExamples(model, spec ?? lastLayerSpec(model), examples, onProgress);
  const indices = examples.map((_, i) => i);
  const groups = batches.groups(
    indices,
    microBatchSize(model, task, largestSize(batches), NO_GRADIENT),
  );
  const head = task.kind === 'classification' ? classificationHead(model, task) : null;
  const score = (adapters: TensorAdapters | null): Promise<Evaluation> =>
    head === null
      ? evaluateResponses(model, batches, groups, adapters)
      : evaluateLabels(batches, head, groups, adapters);
  return {
    evaluate: async (weights) => {
      if (weights === null) return score(null);
      if (spec === null) throw new RangeError('weights must be null where there is no spec');
      const factors = uploadFactors(spec, weights);
      try {
        return await score(tensorAdapters(spec, factors, false));
      } finally {
        disposeFactors(factors);
      }
    },
    dispose: () => {
      head?.dispose();
      batches.dispose();
    },
  };
}
