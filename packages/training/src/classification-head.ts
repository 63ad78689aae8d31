import { forwardHidden, logitsFor, type BaseModel } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { constantProduct } from './cross-entropy.ts';
import { encodeEmptyPrompt } from './encode-examples.ts';
import { labelAverages, labelTokens } from './label-tokens.ts';
import type { ClassificationTask } from './task.ts';

/** Scores labels from the hidden state at a prompt's last token. */
export interface ClassificationHead {
  readonly labelCount: number;
  /** Centered label scores, [rows, labels], of hidden states [rows, dModel]; differentiable. */
  scores(hidden: Tensor2D): Tensor2D;
  dispose(): void;
}

/** The head of a task, centered by the base model's own scores for an empty text (public, free of data). */
export function classificationHead(model: BaseModel, task: ClassificationTask): ClassificationHead {
  const { ids, weights } = labelAverages(labelTokens(model.tokenizer, task));
  const labelCount = task.labels.length;
  const averages = tf.tensor2d(weights, [ids.length, labelCount]);
  const transposed = tf.transpose<Tensor2D>(averages, [1, 0]);
  const rawScores = (hidden: Tensor2D): Tensor2D =>
    constantProduct(logitsFor(model, hidden, ids), averages, transposed);
  const emptyPrompt = encodeEmptyPrompt(model.tokenizer, task);
  const center = tf.tidy(() => {
    const prompt = tf.tensor2d(emptyPrompt, [1, emptyPrompt.length], 'int32');
    return rawScores(forwardHidden(model, prompt, { positions: [emptyPrompt.length - 1] }));
  });
  return {
    labelCount,
    scores: (hidden) => tf.sub(rawScores(hidden), center),
    dispose: () => {
      tf.dispose([averages, transposed, center]);
    },
  };
}
