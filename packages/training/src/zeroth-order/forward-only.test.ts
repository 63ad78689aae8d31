import { adapterVariant, flatten } from '@roundtable/lora';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { disposeFactors, tensorAdapters, uploadFactors } from '../adapter-tensors.ts';
import { prepareExamples } from '../example-batches.ts';
import { exampleLosses } from '../example-losses.ts';
import { createLocalTrainer } from '../local-trainer.ts';
import type { LocalTrainer } from '../local-training.ts';
import {
  meZo,
  plain,
  publicDirections,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
  type TinyTraining,
} from '../testing/index.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';

const papers = { modules: ['q_proj', 'v_proj'], layers: 'all' as const };
const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const sizes = { dModel: 32, layers: 4, heads: 4, kvHeads: 4 };

function zerothOrder({ model, spec, weights, examples }: TinyTraining): LocalTrainer {
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, {
    ...meZo,
    training: { ...meZo.training, maxExamplesPerStep: 512 },
  });
  const rule = publicDirections({ length: flatten(weights, ['B']).length, directions: 4 });
  trainer.beginRound({ round: 1, weights, learningRate: 0.1, rule });
  return trainer;
}

function byGradients({ model, spec, weights, examples }: TinyTraining): LocalTrainer {
  return createLocalTrainer(model, spec, weights, examples, {
    ...plain,
    variant: adapterVariant('ffa-lora'),
    training: { ...plain.training, maxExamplesPerStep: 512 },
  });
}

/** Highest number of bytes in tensors while `run` runs, the model's among them. */
async function peakBytes(run: () => Promise<unknown>): Promise<number> {
  const { peakBytes: peak } = await tf.profile(async () => {
    await run();
    return [];
  });
  return peak;
}

/** The same with one plain forward pass over all examples. */
async function inferencePeak({ model, spec, weights, examples }: TinyTraining): Promise<number> {
  const batches = await prepareExamples(model, spec, examples);
  const losses = exampleLosses(model, tinyTask, batches);
  const all = examples.map((_, i) => i);
  const peak = await peakBytes(async () => {
    const factors = uploadFactors(spec, weights);
    const tensor = tf.tidy(() => losses.losses(all, tensorAdapters(spec, factors, false)));
    await tensor.data();
    tensor.dispose();
    disposeFactors(factors);
  });
  losses.dispose();
  batches.dispose();
  return peak;
}

async function stepPeak(trainer: LocalTrainer): Promise<number> {
  await trainer.prepare();
  const peak = await peakBytes(() => trainer.step());
  trainer.dispose();
  return peak;
}

describe.each(['cpu', 'wasm'] as const)('a step by forward passes on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  // A pass holds 8 sequences, or 256 of one row: plain inference gets as many examples at once.
  it.each([
    { name: 'q and v of all layers', choice: papers, examples: 8 },
    { name: 'one row per example', choice: fast, examples: 256 },
  ])(
    'needs at most 1.2 times the memory of inference, which a step by gradients exceeds: $name',
    async ({ choice, examples }) => {
      // All of one length, as in the inference they are compared with.
      const rows = separableRows(2_000, 'memory').filter(({ input }) => input.length === 8);
      const tiny = await tinyTraining({ ...choice, rows: rows.slice(0, examples), model: sizes });
      expect(tiny.examples).toHaveLength(examples);
      const inference = await inferencePeak(tiny);
      expect(await stepPeak(zerothOrder(tiny))).toBeLessThan(1.2 * inference);
      expect(await stepPeak(byGradients(tiny))).toBeGreaterThan(1.2 * inference);
      tiny.model.dispose();
    },
  );

  it('never has a tape, which a step by gradients has', async () => {
    const tiny = await tinyTraining(papers);
    const engine = tf.engine();
    let taped = 0;
    let kernels = 0;
    const runKernel = engine.runKernel.bind(engine);
    const spy = vi.spyOn(engine, 'runKernel').mockImplementation((name, inputs, attributes) => {
      kernels += 1;
      // Undefined before the first tape of all, null after one.
      if (Array.isArray(engine.state.activeTape) || engine.state.gradientDepth > 0) taped += 1;
      return runKernel(name, inputs, attributes);
    });
    try {
      const forward = zerothOrder(tiny);
      await forward.step();
      forward.dispose();
      expect(kernels).toBeGreaterThan(100);
      expect(taped).toBe(0);
      const backward = byGradients(tiny);
      await backward.step();
      backward.dispose();
      expect(taped).toBeGreaterThan(0);
    } finally {
      spy.mockRestore();
    }
    tiny.model.dispose();
  });
});
