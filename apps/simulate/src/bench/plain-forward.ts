import { forwardCached, cachePrefix, logitsAt, logitsFor } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Subject } from './subject.ts';

/** Inference on a subject's examples with its adapter, losses included, behind the same cached prefix as in training. */
export interface PlainForward {
  /** Losses of all examples in one pass. */
  run(): Promise<Float32Array>;
  dispose(): void;
}

const labelIds = [97, 98, 103, 100]; // first bytes of the subject's labels

function crossEntropy(logits: Tensor2D, targets: readonly number[]): Tensor1D {
  const hot = tf.oneHot(tf.tensor1d([...targets], 'int32'), logits.shape[1]);
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), hot), 1));
}

/** Prepares the examples on the active backend. */
export async function plainForward(subject: Subject): Promise<PlainForward> {
  const { model, spec, weights, examples, task } = subject;
  const isClassification = task.kind === 'classification';
  const sequences = examples.map(({ promptIds, targetIds }) => [
    ...promptIds,
    ...(targetIds ?? []).slice(0, -1),
  ]);
  const positions = isClassification ? sequences.map(({ length }) => length - 1) : null;
  const prefix = await cachePrefix(model, spec, sequences, { positions });
  const transposed = (values: Float32Array, rows: number): Tensor2D =>
    tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, values.length / rows])));
  const a = weights.loraA.map((values) => transposed(values, spec.rank));
  const b = weights.loraB.map((values) => transposed(values, values.length / spec.rank));
  const adapters = { scaling: spec.alpha / spec.rank, spec, a, b };
  const all = examples.map((_, i) => i);

  const losses = (): Tensor1D => {
    const hidden = forwardCached(model, prefix, all, adapters);
    if (isClassification) {
      const scores = logitsFor(model, hidden as Tensor2D, labelIds);
      return crossEntropy(
        scores,
        examples.map(({ label }) => label!),
      );
    }
    const [, tokens, width] = (hidden as Tensor3D).shape;
    const rows = tf.reshape<tf.Rank.R2>(hidden, [examples.length * tokens, width]);
    const perToken = crossEntropy(
      logitsAt(model, rows),
      examples.flatMap(({ targetIds }) => [...targetIds!]),
    );
    return tf.mean(tf.reshape(perToken, [examples.length, tokens]), 1);
  };
  return {
    run: async () => {
      const tensor = tf.tidy(losses);
      const values = (await tensor.data()) as Float32Array;
      tensor.dispose();
      return values;
    },
    dispose: () => {
      tf.dispose([...a, ...b]);
      prefix.dispose();
    },
  };
}
