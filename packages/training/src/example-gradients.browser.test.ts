import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import { adapterVariant, flatten } from '@roundtable/lora';
import { seededGaussianMechanism } from '@roundtable/privacy/testing';
import { secureRandom, seededRandom } from '@roundtable/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createLocalTrainer } from './local-trainer.ts';
import { clipByHand, gradientChecks, norm, relativeDistance } from './testing/gradient-checks.ts';
import { tinyTask, tinyTraining } from './testing/tiny-training.ts';

async function useBackend(name: 'cpu' | 'webgpu'): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`backend ${name} did not start`);
  await tf.ready();
}

const presets = [
  { name: "papers' preset", choice: { modules: ['q_proj', 'v_proj'], layers: 'all' as const } },
  { name: 'fast preset', choice: { modules: ['o_proj', 'down_proj'], layers: [-1] } },
];

describe.each(presets)('DP-SGD on webgpu: $name', ({ choice }) => {
  it('has the norms of one-at-a-time gradients, and clips as by hand', async () => {
    await useBackend('webgpu');
    const tiny = await tinyTraining(choice);
    const checks = await gradientChecks(tiny, tinyTask, true);
    checks.oneAtATime.forEach((gradient, i) => {
      expect(norm(gradient)).toBeGreaterThan(1e-3);
      expect(Math.abs(checks.norms[i]! / norm(gradient) - 1)).toBeLessThan(1e-4);
    });
    const sorted = [...checks.norms].sort((a, b) => a - b);
    const bound = (sorted[2]! + sorted[3]!) / 2;
    const byHand = clipByHand(checks.oneAtATime, bound);
    expect(relativeDistance(await checks.clippedSum(bound), byHand)).toBeLessThan(1e-4);
    checks.dispose();
    tiny.model.dispose();
  });

  it('takes the same step with the same noise as the cpu backend, within 1e-4', async () => {
    const step = async (backend: 'cpu' | 'webgpu'): Promise<Float64Array> => {
      await useBackend(backend);
      const tiny = await tinyTraining(choice);
      const random = seededRandom('noise');
      const length = flatten(tiny.weights, ['B']).length;
      const parameters = { clippingNorm: 0.5, noiseMultiplier: 1, samplingRate: 1, length };
      const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
        task: tinyTask,
        variant: adapterVariant('ffa-lora'),
        training: { optimizer: 'sgd', samplingRate: 1, batchDivisor: 6, maxExamplesPerStep: 64 },
        privacyUnit: 'example',
        clippingNorm: 0.5,
        release: seededGaussianMechanism({ ...parameters, exampleCap: 64, random }),
        learningRate: 0.5,
        random: secureRandom(),
      });
      await trainer.step();
      const update = trainer.update().reals();
      trainer.dispose();
      tiny.model.dispose();
      return update;
    };
    expect(relativeDistance(await step('webgpu'), await step('cpu'))).toBeLessThan(1e-4);
  });
});
