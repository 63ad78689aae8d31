import { direction, flatten, moveAlong } from '@roundtable/lora';
import { localGaussianMechanism } from '@roundtable/privacy';
import { secureRandom } from '@roundtable/random';
import {
  createZerothOrderTrainer,
  type LocalTrainer,
  type ScalarRule,
  type Task,
} from '@roundtable/training';
import * as tf from '@tensorflow/tfjs-core';
import { compare, type Comparison } from './interleaved.ts';
import { plainForward, type PlainForward } from './plain-forward.ts';
import { clippingNorm, learningRate, subject, trainerOf, type Subject } from './subject.ts';

const directions = 16;
const scale = 1e-3;

/** Peaks of tensor bytes, relative to one plain forward pass over the same examples. */
interface Memory {
  readonly inferenceBytes: number;
  /** The model's weights among the bytes. */
  readonly zerothOrder: number;
  readonly firstOrder: number;
  /** Without the model's weights and the cached prefix. */
  readonly activationsOfZerothOrder: number;
  readonly activationsOfFirstOrder: number;
}

interface Measured {
  readonly examples: number;
  /** A DP step of K directions against 2K plain forward passes over the same examples (goal on wasm: at most 1.1). */
  readonly againstForwards: Comparison & { readonly stepOverForwards: number };
  /** A DP step of K directions against one DP step by gradients. */
  readonly againstFirstOrder: Comparison & { readonly zerothOverFirst: number };
  readonly memory: Memory;
}

export interface ZerothOrderResult {
  readonly backend: string;
  readonly directions: number;
  /** q and v of every layer, language-model loss. */
  readonly papers: Measured;
  /** o and down of the last layer, labels, cached prefix. */
  readonly fast: Measured;
}

/** The product's arithmetic along directions of one seed; the latest step's are kept, as the product keeps them. */
function ruleOf(length: number): ScalarRule {
  let latest: { step: number; all: Float32Array[] } | null = null;
  const directionsOf = (step: number): Float32Array[] => {
    if (latest?.step !== step) {
      const seeds = Array.from({ length: directions }, (_, j) => `bench/${step}/${j}`);
      latest = { step, all: seeds.map((seed) => direction(seed, length, 'rademacher')) };
    }
    return latest.all;
  };
  return {
    length,
    parts: ['B'],
    directions,
    scale,
    directionsOf,
    move: (values, step, rate, scalars) => {
      directionsOf(step).forEach((z, j) => {
        moveAlong(values, z, (rate / directions) * Math.fround(scalars[j]!));
      });
    },
  };
}

/** DP-AggZO on a subject, full batch. */
function zerothOrderTrainer({ model, spec, weights, examples, task }: Subject): LocalTrainer {
  const random = secureRandom();
  const exampleCap = examples.length;
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, {
    task,
    parts: ['B'],
    directions,
    scale,
    clipping: { norm: 'l2', bound: clippingNorm },
    privacyUnit: 'example',
    training: {
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: exampleCap,
      maxExamplesPerStep: exampleCap,
    },
    release: localGaussianMechanism({
      clippingNorm,
      noiseMultiplier: 1,
      samplingRate: 1,
      length: directions,
      exampleCap,
      random,
    }),
    random,
  });
  const rule = ruleOf(flatten(weights, ['B']).length);
  trainer.beginRound({ round: 1, weights, learningRate, rule });
  return trainer;
}

async function peakBytes(run: () => Promise<unknown>): Promise<number> {
  const profile = await tf.profile(async () => {
    await run();
    return [];
  });
  return profile.peakBytes;
}

async function memory(
  plain: PlainForward,
  zeroth: LocalTrainer,
  first: LocalTrainer,
): Promise<Memory> {
  const before = tf.memory().numBytes;
  const [inference, zerothOrder, firstOrder] = [
    await peakBytes(() => plain.run()),
    await peakBytes(() => zeroth.step()),
    await peakBytes(() => first.step()),
  ];
  return {
    inferenceBytes: inference,
    zerothOrder: zerothOrder / inference,
    firstOrder: firstOrder / inference,
    activationsOfZerothOrder: (zerothOrder - before) / (inference - before),
    activationsOfFirstOrder: (firstOrder - before) / (inference - before),
  };
}

async function measure(
  preset: 'papers' | 'fast',
  kind: Task['kind'],
  pairs: number,
  batch?: number,
): Promise<Measured> {
  const measured = await subject(preset, kind, batch);
  const plain = await plainForward(measured);
  const zeroth = zerothOrderTrainer(measured);
  const first = trainerOf(measured, true);
  const forwards = async (): Promise<void> => {
    for (let pass = 0; pass < 2 * directions; pass += 1) await plain.run();
  };
  const againstForwards = await compare(forwards, () => zeroth.step(), pairs);
  const againstFirst = await compare(
    () => first.step(),
    () => zeroth.step(),
    pairs,
  );
  const result = {
    examples: measured.examples.length,
    againstForwards: { ...againstForwards, stepOverForwards: againstForwards.secondOverFirst },
    againstFirstOrder: { ...againstFirst, zerothOverFirst: againstFirst.secondOverFirst },
    memory: await memory(plain, zeroth, first),
  };
  plain.dispose();
  zeroth.dispose();
  first.dispose();
  measured.model.dispose();
  return result;
}

/** A zeroth-order DP step against plain forward passes and against a first-order DP step, on the active backend. */
export async function run(pairs: number): Promise<ZerothOrderResult> {
  return {
    backend: tf.getBackend(),
    directions,
    papers: await measure('papers', 'generation', pairs),
    fast: await measure('fast', 'classification', pairs, 256),
  };
}
