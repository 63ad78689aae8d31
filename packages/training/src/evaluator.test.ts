import { initialWeights } from '@roundtable/lora';
import { forwardHidden, logitsAt, type BaseModel } from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorAdapters, uploadFactors } from './adapter-tensors.ts';
import { encodeExamples, type Example } from './encode-examples.ts';
import { createEvaluator } from './evaluator.ts';
import { prepareExamples } from './example-batches.ts';
import type { Task } from './task.ts';
import { useBackend } from './testing/backends.ts';
import { relativeDistance, separableRows, tinyTask, tinyTraining } from './testing/index.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const generation: Task = { kind: 'generation', template: '{prompt}>{response}', maxTokens: 20 };
const pairs = [
  { input: 'abc', output: 'x' },
  { input: 'defgh', output: 'yyzz' },
];

/** Logits of every token of one sequence by the plain forward pass, row by row. */
async function plainLogits(model: BaseModel, ids: readonly number[]): Promise<Float32Array[]> {
  const logits = tf.tidy(() => {
    const hidden = forwardHidden(model, tf.tensor2d([...ids], [1, ids.length], 'int32'));
    return logitsAt(model, tf.reshape(hidden, [ids.length, model.config.dModel]));
  });
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  const { vocabSize } = model.config;
  return ids.map((_, t) => values.slice(t * vocabSize, (t + 1) * vocabSize));
}

const logSumExp = (values: ArrayLike<number>) =>
  Math.log(Array.from(values).reduce((sum, value) => sum + Math.exp(value), 0));

/** Centered label scores by hand: logit of each label's first byte minus the same for an empty text. */
async function scoresByHand(model: BaseModel, example: Example): Promise<number[]> {
  const first = tinyTask.labels.map((label) => label.charCodeAt(0));
  const empty = model.tokenizer.encode('m:\n>');
  const own = (await plainLogits(model, example.promptIds)).at(-1)!;
  const center = (await plainLogits(model, empty)).at(-1)!;
  return first.map((id) => own[id]! - center[id]!);
}

describe.each(['cpu', 'wasm'] as const)('evaluator on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it("scores labels as the decision page says, against a plain forward pass's logits", async () => {
    const { model, examples } = await tinyTraining(fast);
    const evaluator = await createEvaluator(model, null, tinyTask, examples);
    const { loss, accuracy, predictions, confusion } = await evaluator.evaluate(null);
    let lossSum = 0;
    let right = 0;
    for (const [i, example] of examples.entries()) {
      const scores = await scoresByHand(model, example);
      lossSum += logSumExp(scores) - scores[example.label!]!;
      const best = scores.indexOf(Math.max(...scores));
      expect(predictions![i]).toBe(best);
      if (best === example.label) right += 1;
    }
    expect(Math.abs(loss - lossSum / examples.length)).toBeLessThan(1e-4);
    expect(accuracy).toBe(right / examples.length);
    const diagonal = confusion!.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(diagonal).toBe(right);
    expect(confusion!.flat().reduce((a, b) => a + b, 0)).toBe(examples.length);
    evaluator.dispose();
    model.dispose();
  });

  it('means response tokens in nats, against a plain forward pass', async () => {
    const { model, examples } = await tinyTraining({ ...fast, task: generation, rows: pairs });
    const evaluator = await createEvaluator(model, null, generation, examples);
    const { loss, accuracy, confusion } = await evaluator.evaluate(null);
    let nats = 0;
    let right = 0;
    let tokens = 0;
    for (const { promptIds, targetIds } of examples) {
      const rows = await plainLogits(model, [...promptIds, ...targetIds!]);
      targetIds!.forEach((id, i) => {
        const row = rows[promptIds.length - 1 + i]!;
        nats += logSumExp(row) - row[id]!;
        if (row.indexOf(Math.max(...row)) === id) right += 1;
        tokens += 1;
      });
    }
    expect(tokens).toBe(2 + 5); // "x", "yyzz" and an end token each
    expect(Math.abs(loss - nats / tokens)).toBeLessThan(1e-4);
    expect(accuracy).toBe(right / tokens);
    expect(confusion).toBeNull();
    evaluator.dispose();
    model.dispose();
  });

  it('gives the base model and an adapter with B = 0 the same figures', async () => {
    const { model, spec, weights, examples } = await tinyTraining(fast);
    const evaluator = await createEvaluator(model, spec, tinyTask, examples);
    const base = await evaluator.evaluate(null);
    const zero = await evaluator.evaluate(initialWeights(spec));
    const moved = await evaluator.evaluate(weights);
    expect(Math.abs(base.loss - zero.loss)).toBeLessThan(1e-6);
    expect(Math.abs(base.loss - moved.loss)).toBeGreaterThan(1e-3);
    evaluator.dispose();
    model.dispose();
  });

  it('keeps no tensor from one evaluation to the next, and none after its end', async () => {
    const { model, spec, weights, examples } = await tinyTraining(fast);
    const warm = await createEvaluator(model, spec, tinyTask, examples);
    await warm.evaluate(weights);
    warm.dispose();
    const before = tf.memory().numTensors;
    const evaluator = await createEvaluator(model, spec, tinyTask, examples);
    await evaluator.evaluate(weights);
    const between = tf.memory().numTensors;
    await evaluator.evaluate(weights);
    expect(tf.memory().numTensors).toBe(between);
    evaluator.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('throws rather than score with NaN', async () => {
    const { model, spec, weights, examples } = await tinyTraining(fast);
    const evaluator = await createEvaluator(model, spec, tinyTask, examples);
    weights.loraB[0]![0] = Number.NaN;
    await expect(evaluator.evaluate(weights)).rejects.toMatchObject({ reason: 'not-finite' });
    evaluator.dispose();
    model.dispose();
  });

  it.each([
    { name: 'heads cached', choice: fast },
    { name: 'input of the last layer cached', choice: { modules: ['v_proj'], layers: [-1] } },
    { name: 'nothing cached', choice: { modules: ['q_proj'], layers: 'all' as const } },
  ])('works on hidden states equal to the uncached ones within 1e-6: $name', async ({ choice }) => {
    const rows = separableRows(11, 'lengths');
    const { model, spec, weights, examples } = await tinyTraining({ ...choice, rows });
    const batches = await prepareExamples(model, spec, examples);
    const factors = uploadFactors(spec, weights);
    const adapters = tensorAdapters(spec, factors, false);
    const indices = examples.map((_, i) => i);
    const cached = batches.hiddenAtEnd(indices, adapters);
    const values = (await cached.data()) as Float32Array;
    for (const [i, { promptIds }] of examples.entries()) {
      const ids = tf.tensor2d([...promptIds], [1, promptIds.length], 'int32');
      const plain = forwardHidden(model, ids, { adapters, positions: [promptIds.length - 1] });
      const own = (await plain.data()) as Float32Array;
      const start = i * model.config.dModel;
      const row = values.slice(start, start + model.config.dModel);
      expect(relativeDistance(row, own)).toBeLessThan(1e-6);
    }
    batches.dispose();
    model.dispose();
  });
});

describe('groups of examples', () => {
  it('hold each index once, none above the size, like lengths together', async () => {
    await useBackend('cpu');
    const { model, spec } = await tinyTraining(fast);
    const rows = separableRows(23, 'groups');
    const { examples } = encodeExamples(model.tokenizer, tinyTask, rows);
    const batches = await prepareExamples(model, spec, examples);
    const indices = examples.map((_, i) => i);
    const groups = batches.groups(indices, 5);
    expect(groups.flat().sort((a, b) => a - b)).toEqual(indices);
    expect(groups.map((group) => group.length)).toEqual([4, 5, 4, 5, 5]);
    const lengths = groups.flat().map((index) => examples[index]!.promptIds.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
    expect(batches.groups([], 5)).toEqual([]);
    batches.dispose();
    model.dispose();
  });
});
