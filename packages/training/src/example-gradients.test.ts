import { flatten, unflatten } from '@roundtable/lora';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Task } from './task.ts';
import { useBackend } from './testing/backends.ts';
import {
  clipByHand,
  gradientChecks,
  norm,
  relativeDistance,
  tinyTask,
  tinyTraining,
} from './testing/index.ts';

const generation: Task = { kind: 'generation', template: '{prompt}>{response}', maxTokens: 20 };
const pairs = [
  { input: 'abc', output: 'x' },
  { input: 'defgh', output: 'yyzz' },
  { input: 'i', output: 'zxzxzx' },
];

const cases = [
  { name: 'q and v of all layers', modules: ['q_proj', 'v_proj'], layers: 'all' as const },
  { name: 'o and down of the last', modules: ['o_proj', 'down_proj'], layers: [-1] },
  { name: 'k and gate of the last', modules: ['k_proj', 'gate_proj'], layers: [-1] },
];

describe.each(['cpu', 'wasm'] as const)('per-example gradients on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each([
    { trains: 'B', trainsA: false },
    { trains: 'A and B', trainsA: true },
  ])('training $trains', ({ trainsA }) => {
    it.each(cases)('have the norms of one-at-a-time gradients: $name', async (choice) => {
      const tiny = await tinyTraining(choice);
      const checks = await gradientChecks(tiny, tinyTask, trainsA);
      expect(checks.norms).toHaveLength(6);
      checks.oneAtATime.forEach((gradient, i) => {
        expect(norm(gradient)).toBeGreaterThan(1e-3);
        expect(Math.abs(checks.norms[i]! / norm(gradient) - 1)).toBeLessThan(1e-5);
      });
      checks.dispose();
      tiny.model.dispose();
    });

    it.each(cases)('sum to the hand-clipped sum: $name', async (choice) => {
      const tiny = await tinyTraining(choice);
      const checks = await gradientChecks(tiny, tinyTask, trainsA);
      // A bound between the smallest and the largest norm: some are clipped, some are not.
      const sorted = [...checks.norms].sort((a, b) => a - b);
      const bound = (sorted[2]! + sorted[3]!) / 2;
      const byHand = clipByHand(checks.oneAtATime, bound);
      expect(relativeDistance(await checks.clippedSum(bound), byHand)).toBeLessThan(1e-5);
      checks.dispose();
      tiny.model.dispose();
    });
  });

  it('hold for responses of different lengths', async () => {
    const tiny = await tinyTraining({ ...cases[0]!, task: generation, rows: pairs });
    const checks = await gradientChecks(tiny, generation, true);
    checks.oneAtATime.forEach((gradient, i) => {
      expect(Math.abs(checks.norms[i]! / norm(gradient) - 1)).toBeLessThan(1e-5);
    });
    checks.dispose();
    tiny.model.dispose();
  });

  it.each([
    { name: 'labels', task: tinyTask, rows: undefined },
    { name: 'responses', task: generation, rows: pairs },
  ])('meet finite differences of the loss: $name', async ({ task, rows }) => {
    const tiny = await tinyTraining({ ...cases[0]!, task, ...(rows && { rows }) });
    const checks = await gradientChecks(tiny, task, true);
    const parts = ['A', 'B'] as const;
    const flat = flatten(tiny.weights, parts);
    const sum = clipByHand(checks.oneAtATime, Infinity);
    // Along the gradient itself: slope ‖g‖.
    const step = 1e-2 / norm(sum);
    const at = (sign: number) =>
      checks.lossSum(
        unflatten(
          tiny.spec,
          flat.map((value, i) => value + (sign * step * sum[i]!) / norm(sum)),
          parts,
          tiny.weights,
        ),
      );
    const slope = ((await at(1)) - (await at(-1))) / (2 * step);
    expect(Math.abs(slope / norm(sum) - 1)).toBeLessThan(0.01);
    checks.dispose();
    tiny.model.dispose();
  });

  it('hold for GPT-2 with its fused attention', async () => {
    const tiny = await tinyTraining({
      modules: ['attn.c_attn', 'mlp.c_proj'],
      layers: 'all',
      model: { architecture: 'gpt2' },
    });
    const checks = await gradientChecks(tiny, tinyTask, true);
    checks.oneAtATime.forEach((gradient, i) => {
      expect(Math.abs(checks.norms[i]! / norm(gradient) - 1)).toBeLessThan(1e-5);
    });
    checks.dispose();
    tiny.model.dispose();
  });
});
