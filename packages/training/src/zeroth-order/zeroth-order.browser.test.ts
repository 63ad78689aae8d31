import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import { flatten } from '@roundtable/lora';
import { gridRelease, type ReleaseMechanism } from '@roundtable/privacy';
import {
  installBarrierFreeKernels,
  removeBarrierFreeKernels,
  sha256Hex,
} from '@roundtable/transformer';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { publicDirections } from '../testing/public-directions.ts';
import { separableRows, tinyTask, tinyTraining } from '../testing/tiny-training.ts';
import { differenceChecks, meZo } from '../testing/zeroth-order-checks.ts';
import type { GenerationTask } from '../task.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';

async function useBackend(name: 'cpu' | 'webgpu'): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`backend ${name} did not start`);
  await tf.ready();
}

const generation: GenerationTask = {
  kind: 'generation',
  template: '{prompt}>{response}',
  maxTokens: 24,
};
const cases = [
  { name: 'one row per example', modules: ['o_proj', 'down_proj'], layers: [-1], task: tinyTask },
  { name: 'all layers', modules: ['q_proj', 'v_proj'], layers: 'all' as const, task: generation },
];
const indices = [0, 1, 2, 3];
const both = ['A', 'B'] as const;

afterEach(() => {
  removeBarrierFreeKernels();
});

describe.each(['stock', 'barrier-free'] as const)(
  'zeroth order on webgpu, %s kernels',
  (kernels) => {
    it.each(cases)('has the differences of the cpu backend: $name', async (choice) => {
      const rows = separableRows(4, 'browser');
      const parts = choice.task.kind === 'generation' ? both : (['B'] as const);
      const differencesOn = async (backend: 'cpu' | 'webgpu') => {
        await useBackend(backend);
        if (backend === 'webgpu' && kernels === 'barrier-free') installBarrierFreeKernels();
        const tiny = await tinyTraining({ ...choice, rows });
        const { task } = choice;
        const checks = await differenceChecks(tiny, { task, parts, scale: 1e-2, directions: 5 });
        const found = await checks.differences(indices);
        const alone = await checks.differences([2]);
        checks.dispose();
        tiny.model.dispose();
        return { ...found, alone: alone.rows[0]! };
      };
      const expected = await differencesOn('cpu');
      const found = await differencesOn('webgpu');
      // Losses below 8 agree within 2^-19, four units in their last place; a difference divides that by μ.
      const tolerance = 2 ** -19 / 1e-2;
      found.rows.forEach((row, i) => {
        expect(Math.hypot(...row)).toBeGreaterThan(100 * tolerance);
        row.forEach((value, j) => {
          expect(Math.abs(value - expected.rows[i]![j]!)).toBeLessThan(tolerance);
        });
      });
      expect(found.alone).toEqual(found.rows[2]);
    });
  },
);

describe('weights that the same integers move', () => {
  it('have the same hash on webgpu and cpu', async () => {
    const integers = [Float64Array.of(1.25, -0.5, 3, 0.1), Float64Array.of(-2, 0.7, 0.25, 1)];
    const hashOn = async (backend: 'cpu' | 'webgpu'): Promise<string> => {
      await useBackend(backend);
      if (backend === 'webgpu') installBarrierFreeKernels();
      const tiny = await tinyTraining({ modules: ['q_proj', 'v_proj'], layers: 'all' });
      let step = 0;
      const release: ReleaseMechanism = {
        ...gridRelease(2 ** -16),
        release: () => {
          step += 1;
          return gridRelease(2 ** -16).release(integers[step - 1]!);
        },
      };
      const { model, spec, weights, examples } = tiny;
      const settings = { ...meZo, release };
      const trainer = createZerothOrderTrainer(model, spec, weights, examples, settings);
      const length = flatten(weights, ['B']).length;
      const rule = publicDirections({ length, directions: 4, kind: 'gaussian' });
      trainer.beginRound({ round: 1, weights, learningRate: 0.3, rule });
      await trainer.step();
      await trainer.step();
      const hash = await sha256Hex(new Uint8Array(flatten(trainer.weights(), ['B']).buffer));
      trainer.dispose();
      model.dispose();
      return hash;
    };
    expect(await hashOn('webgpu')).toBe(await hashOn('cpu'));
  });
});
