import type { AdapterSpec } from '@roundtable/lora';
import type { Example } from '@roundtable/training';
import { cachePrefix, forwardCached } from '@roundtable/transformer';
import type { BaseModel } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';

const STEPS = 400;
const LEARNING_RATE = 0.05;
const WEIGHT_DECAY = 1e-3;
const CHUNK = 64;

/** Hidden states of the base model after the last token of each prompt, [examples, dModel]. */
async function lastHidden(
  model: BaseModel,
  spec: AdapterSpec,
  examples: readonly Example[],
): Promise<tf.Tensor2D> {
  const sequences = examples.map(({ promptIds }) => [...promptIds]);
  const positions = sequences.map(({ length }) => length - 1);
  const prefix = await cachePrefix(model, spec, sequences, { positions });
  const chunks: tf.Tensor2D[] = [];
  for (let start = 0; start < sequences.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, sequences.length);
    const indices = Array.from({ length: end - start }, (_, i) => start + i);
    chunks.push(tf.tidy(() => forwardCached(model, prefix, indices, null) as tf.Tensor2D));
  }
  prefix.dispose();
  const joined = tf.concat2d(chunks, 0);
  tf.dispose(chunks);
  return joined;
}

/** With a column of ones, each column shifted and scaled by the training set's mean and deviation. */
function standardize(rows: tf.Tensor2D, mean: tf.Tensor, deviation: tf.Tensor): tf.Tensor2D {
  const scaled = tf.div<tf.Tensor2D>(tf.sub(rows, mean), deviation);
  return tf.concat2d([scaled, tf.ones([rows.shape[0], 1])], 1);
}

/** Softmax regression by Adam (Kingma and Ba 2015) on the full set; weights [features, labels]. */
function fit(rows: tf.Tensor2D, labels: readonly number[], labelCount: number): tf.Tensor2D {
  const [count, features] = rows.shape;
  const truth = tf.oneHot(tf.tensor1d([...labels], 'int32'), labelCount);
  const turned = tf.transpose(rows);
  let weights = tf.zeros<tf.Rank.R2>([features, labelCount]);
  let first: tf.Tensor2D = tf.zerosLike(weights);
  let second: tf.Tensor2D = tf.zerosLike(weights);
  for (let step = 1; step <= STEPS; step += 1) {
    const next = tf.tidy(() => {
      const miss = tf.sub<tf.Tensor2D>(tf.softmax(tf.matMul(rows, weights)), truth);
      const gradient = tf.add(
        tf.div(tf.matMul(turned, miss), count),
        tf.mul(weights, WEIGHT_DECAY),
      );
      const m = tf.add<tf.Tensor2D>(tf.mul(first, 0.9), tf.mul(gradient, 0.1));
      const v = tf.add<tf.Tensor2D>(tf.mul(second, 0.999), tf.mul(tf.square(gradient), 0.001));
      const mean = tf.div(m, 1 - 0.9 ** step);
      const root = tf.add(tf.sqrt(tf.div(v, 1 - 0.999 ** step)), 1e-8);
      const w = tf.sub<tf.Tensor2D>(weights, tf.mul(tf.div(mean, root), LEARNING_RATE));
      return [w, m, v] as const;
    });
    tf.dispose([weights, first, second]);
    [weights, first, second] = next;
  }
  tf.dispose([truth, turned, first, second]);
  return weights;
}

/**
 * Held-out accuracy (0 to 1) of softmax regression on the frozen base model's last hidden state, trained on everybody's
 * examples in one place and without differential privacy: what the base model knows about the task.
 */
export async function linearProbeAccuracy(
  model: BaseModel,
  spec: AdapterSpec,
  sets: { readonly train: readonly Example[]; readonly test: readonly Example[] },
  labelCount: number,
): Promise<number> {
  const train = await lastHidden(model, spec, sets.train);
  const test = await lastHidden(model, spec, sets.test);
  const labels = sets.train.map(({ label }) => label!);
  const predictions = tf.tidy(() => {
    const { mean, variance } = tf.moments(train, 0);
    const deviation = tf.sqrt(tf.add(variance, 1e-6));
    const weights = fit(standardize(train, mean, deviation), labels, labelCount);
    return tf.argMax(tf.matMul(standardize(test, mean, deviation), weights), 1);
  });
  const predicted = await predictions.data();
  tf.dispose([train, test, predictions]);
  return sets.test.filter(({ label }, i) => label === predicted[i]).length / sets.test.length;
}
