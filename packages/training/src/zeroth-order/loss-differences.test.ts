import { flatten, type TrainablePart } from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GenerationTask } from '../task.ts';
import {
  differenceChecks,
  gradientChecks,
  relativeDistance,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
} from '../testing/index.ts';

const generation: GenerationTask = {
  kind: 'generation',
  template: '{prompt}>{response}',
  maxTokens: 24,
};
const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const papers = { modules: ['q_proj', 'v_proj'], layers: 'all' as const };
const gpt2 = { modules: ['c_attn', 'mlp.c_proj'], layers: 'all' as const };
const both: readonly TrainablePart[] = ['A', 'B'];
const cases = [
  { name: 'one row per example', choice: fast, task: tinyTask },
  { name: 'generation behind a cached prefix', choice: fast, task: generation },
  { name: 'q and v of all layers', choice: papers, task: tinyTask },
  { name: 'q and v of all layers, generation', choice: papers, task: generation },
  { name: 'A and B', choice: papers, task: tinyTask, parts: both },
  { name: 'A and B of one row', choice: fast, task: tinyTask, parts: both },
  { name: 'GPT-2', choice: { ...gpt2, model: { architecture: 'gpt2' as const } }, task: tinyTask },
];

describe.each(['cpu', 'wasm'] as const)('differences of losses on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)(
    'are those of perturbing the weights and running the losses: $name',
    async ({ choice, task, parts = ['B'] }) => {
      const tiny = await tinyTraining({ ...choice, task, rows: separableRows(5, 'by hand') });
      const indices = [3, 0, 4];
      // Far apart, the rounding of a loss is small beside the difference.
      const wide = await differenceChecks(tiny, { task, parts, scale: 0.05, directions: 3 });
      const { rows } = await wide.differences(indices);
      const byHand = await wide.byHand(indices);
      rows.forEach((row, i) => {
        expect(row).toHaveLength(3);
        expect(relativeDistance(row, Float64Array.from(byHand[i]!))).toBeLessThan(1e-5);
      });
      wide.dispose();
      // At the usual distance rounding rules: both sides' losses agree within 8 units in their last place.
      const near = await differenceChecks(tiny, { task, parts, scale: 1e-3, directions: 3 });
      const found = await near.differences(indices);
      const expected = await near.byHand(indices);
      const losses = await near.lossesAt(flatten(tiny.weights, parts), indices);
      found.rows.forEach((row, i) => {
        const tolerance = (8 * 2 ** -23 * losses[i]!) / (2 * 1e-3);
        row.forEach((value, j) => {
          expect(Math.abs(value - expected[i]![j]!)).toBeLessThan(tolerance);
        });
      });
      near.dispose();
      tiny.model.dispose();
    },
  );

  it.each(cases.slice(0, 5))(
    'are directional derivatives, within 2 %: $name',
    async ({ choice, task, parts = ['B'] }) => {
      const tiny = await tinyTraining({ ...choice, task });
      const trainsA = parts.includes('A');
      const gradients = await gradientChecks(tiny, task, trainsA);
      const checks = await differenceChecks(tiny, { task, parts, scale: 1e-3, directions: 12 });
      const indices = tiny.examples.map((_, i) => i);
      const { rows, lossSum } = await checks.differences(indices);
      rows.forEach((row, i) => {
        const along = checks.directions.map((z) =>
          gradients.oneAtATime[i]!.reduce((sum, g, k) => sum + g * z[k]!, 0),
        );
        expect(relativeDistance(row, Float64Array.from(along))).toBeLessThan(0.02);
      });
      const plain = await gradients.lossSum(tiny.weights);
      expect(Math.abs(lossSum / plain - 1)).toBeLessThan(1e-3);
      gradients.dispose();
      checks.dispose();
      tiny.model.dispose();
    },
  );

  it.each(cases)(
    'do not change in their last bit with the company of the example: $name',
    async ({ choice, task, parts = ['B'] }) => {
      const rows = separableRows(34, 'company');
      const tiny = await tinyTraining({ ...choice, task, rows });
      const checks = await differenceChecks(tiny, { task, parts, scale: 1e-3, directions: 5 });
      const [alone] = (await checks.differences([7])).rows;
      for (const company of [[7, 1], [0, 1, 2, 7], Array.from({ length: 34 }, (_, i) => i)]) {
        const together = await checks.differences(company);
        expect(together.rows[company.indexOf(7)]).toEqual(alone);
      }
      checks.dispose();
      // Nor with the other examples of the device, among which the frozen layers ran.
      const fewer = { ...tiny, examples: tiny.examples.slice(5, 9) };
      const elsewhere = await differenceChecks(fewer, { task, parts, scale: 1e-3, directions: 5 });
      expect((await elsewhere.differences([2])).rows[0]).toEqual(alone);
      elsewhere.dispose();
      tiny.model.dispose();
    },
  );

  it('keep no tensor, and fail where a loss is not finite', async () => {
    const tiny = await tinyTraining(fast);
    const checks = await differenceChecks(tiny, { scale: 1e-3, directions: 3 });
    const before = tf.memory().numTensors;
    await checks.differences([0, 1]);
    expect(tf.memory().numTensors).toBe(before);
    checks.dispose();
    const broken = { ...tiny, weights: { ...tiny.weights, loraB: [...tiny.weights.loraB] } };
    broken.weights.loraB[0] = broken.weights.loraB[0]!.map(() => Number.NaN);
    const failing = await differenceChecks(broken, { scale: 1e-3, directions: 3 });
    await expect(failing.differences([0, 1])).rejects.toMatchObject({ reason: 'not-finite' });
    expect(tf.memory().numTensors).toBe(before);
    failing.dispose();
    tiny.model.dispose();
  });
});
