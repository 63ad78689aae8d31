import { forwardHidden, logitsFor, padSequences } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { autodiffPeer } from './autodiff-peer.ts';
import { compare, type Comparison } from './interleaved.ts';
import {
  clippingNorm,
  learningRate,
  releaseOf,
  subject,
  trainerOf,
  type Subject,
} from './subject.ts';

export interface TrainStepResult {
  readonly backend: string;
  /** ‖our gradient − the peer's‖ / ‖the peer's‖ of the same model, weights and examples. */
  readonly gradientDistance: number;
  /** Our non-private step against tfjs's own autodiff; `speedup` = peer / ours. */
  readonly plain: Comparison & { readonly speedup: number };
  /** The same with per-example clipping and noise. */
  readonly private: Comparison & { readonly speedup: number };
  /** Fast preset on labels: cached prefix against running the whole model each step. */
  readonly cached: Comparison & { readonly speedup: number };
}

// Times of two ways that compute different things are not comparable.
const MAX_GRADIENT_DISTANCE = 1e-4;

const withSpeedup = (comparison: Comparison) => ({
  ...comparison,
  speedup: comparison.secondOverFirst,
});

function relativeDistance(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let size = 0;
  b.forEach((value, i) => {
    difference += (a[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

async function againstPeer(papers: Subject, isPrivate: boolean, pairs: number) {
  const noise = releaseOf(papers);
  const trainer = trainerOf(papers, isPrivate);
  const peer = autodiffPeer(papers, isPrivate ? clippingNorm : null, (sum) =>
    isPrivate ? Float32Array.from(noise.release(sum).reals()) : sum,
  );
  const result = await compare(
    () => trainer.step(),
    () => peer.step(),
    pairs,
  );
  trainer.dispose();
  peer.dispose();
  return withSpeedup(result);
}

/** One plain step's update is −η/b times the gradient: both ways must agree on it. */
async function gradientDistance(papers: Subject): Promise<number> {
  const trainer = trainerOf(papers, false);
  const peer = autodiffPeer(papers, null, (sum) => sum);
  await trainer.step();
  const reference = await peer.gradientSum();
  const scale = -papers.examples.length / learningRate;
  const own = Float32Array.from(trainer.update().reals(), (value) => value * scale);
  trainer.dispose();
  peer.dispose();
  const distance = relativeDistance(own, reference);
  if (!(distance < MAX_GRADIENT_DISTANCE)) {
    throw new Error(`gradients must agree within ${MAX_GRADIENT_DISTANCE}, distance ${distance}`);
  }
  return distance;
}

/** A step of the fast preset that runs the whole model each time: same operations, no cache. */
function uncachedStep({ model, spec, weights, examples }: Subject): () => Promise<void> {
  const transposed = (values: Float32Array, rows: number): Tensor2D =>
    tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, values.length / rows])));
  const a = weights.loraA.map((values) => transposed(values, spec.rank));
  const b = weights.loraB.map((values) => transposed(values, values.length / spec.rank));
  const labelIds = [97, 98, 103, 100]; // first bytes of the subject's labels
  const positions = examples.map(({ promptIds }) => promptIds.length - 1);
  return async () => {
    const flat = tf.tidy(() => {
      const ids = padSequences(
        examples.map(({ promptIds }) => promptIds),
        0,
      );
      const labels = tf.tensor1d(
        examples.map(({ label }) => label!),
        'int32',
      );
      const loss = (...trained: Tensor[]): tf.Scalar => {
        const adapters = { scaling: spec.alpha / spec.rank, spec, a, b: trained as Tensor2D[] };
        const scores = logitsFor(
          model,
          forwardHidden(model, ids, { adapters, positions }),
          labelIds,
        );
        return tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), tf.oneHot(labels, labelIds.length))));
      };
      const { grads } = tf.valueAndGrads(loss)(b);
      return tf.concat(grads.map((grad) => tf.reshape(grad, [-1])));
    });
    await flat.data();
    flat.dispose();
  };
}

async function cachedAgainstUncached(pairs: number) {
  const fast = await subject('fast', 'classification');
  const trainer = trainerOf(fast, false);
  await trainer.prepare();
  const result = await compare(() => trainer.step(), uncachedStep(fast), pairs);
  trainer.dispose();
  fast.model.dispose();
  return withSpeedup(result);
}

/** Our training step against tfjs's own autodiff on the same model in the same run, on the active backend. */
export async function run(pairs: number): Promise<TrainStepResult> {
  const papers = await subject('papers', 'generation');
  const result = {
    backend: tf.getBackend(),
    gradientDistance: await gradientDistance(papers),
    plain: await againstPeer(papers, false, pairs),
    private: await againstPeer(papers, true, pairs),
    cached: await cachedAgainstUncached(pairs),
  };
  papers.model.dispose();
  return result;
}
