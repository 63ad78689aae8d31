import { adapterVariant, flatten } from '@roundtable/lora';
import { unprotectedRelease, type ReleaseMechanism } from '@roundtable/privacy';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEvaluator } from './evaluator.ts';
import { TrainingFailure } from './failure.ts';
import { createLocalTrainer } from './local-trainer.ts';
import { useBackend } from './testing/backends.ts';
import {
  clipByHand,
  gradientChecks,
  clippingOnly,
  noisy,
  norm,
  plain,
  relativeDistance,
  separableRows,
  tinyTask,
  tinyTraining,
} from './testing/index.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const papers = { modules: ['q_proj', 'v_proj'], layers: 'all' as const };

describe.each(['cpu', 'wasm'] as const)('local trainer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    { name: 'fast preset', choice: fast },
    { name: "papers' preset", choice: papers },
  ])('takes the step θ − η·Σ clipped/b: $name', async ({ choice }) => {
    const tiny = await tinyTraining(choice);
    const checks = await gradientChecks(tiny, tinyTask, false);
    const bound = 0.8 * Math.max(...checks.norms);
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      clippingNorm: bound,
      release: clippingOnly(bound),
    });
    await trainer.step();
    const expected = clipByHand(checks.oneAtATime, bound).map((g) => (-0.5 * g) / 6);
    expect(relativeDistance(trainer.update().reals(), expected)).toBeLessThan(1e-4);
    trainer.dispose();
    checks.dispose();
    tiny.model.dispose();
  });

  it('adds exactly the release to the weights: same noise, same step', async () => {
    const tiny = await tinyTraining(fast);
    const run = async (release: ReleaseMechanism) => {
      const settings = { ...plain, clippingNorm: 0.5, release };
      const trainer = createLocalTrainer(
        tiny.model,
        tiny.spec,
        tiny.weights,
        tiny.examples,
        settings,
      );
      await trainer.step();
      trainer.dispose();
      return trainer.update().reals();
    };
    const clean = await run(clippingOnly(0.5));
    const noised = await run(noisy(tiny, 'a', 1));
    const release = noisy(tiny, 'a', 1).release(new Float32Array(clean.length));
    const noise = release.reals();
    // Dithered rounding moves each coordinate of the sum by less than one grid unit; float32 weights add 1e-6 at most.
    const tolerance = (0.5 * release.gridStep) / 6 + 1e-6;
    clean.forEach((value, i) => {
      const expected = value - (0.5 * noise[i]!) / 6;
      expect(Math.abs(noised[i]! - expected)).toBeLessThan(tolerance);
    });
    expect(norm(noise)).toBeGreaterThan(100 * release.gridStep);
    expect(await run(noisy(tiny, 'a', 1))).toEqual(noised);
    tiny.model.dispose();
  });

  it('learns a separable task, without noise and with it', async () => {
    const rows = separableRows(60, 'train');
    const tiny = await tinyTraining({ ...fast, rows });
    const held = await tinyTraining({ ...fast, rows: separableRows(60, 'held out') });
    const evaluator = await createEvaluator(tiny.model, tiny.spec, tinyTask, held.examples);
    const before = await evaluator.evaluate(tiny.weights);
    const training = { ...plain.training, batchDivisor: 60 };
    for (const [release, clippingNorm, learningRate] of [
      [unprotectedRelease(), null, 1],
      [noisy(tiny, 'learn', 1), 0.5, 4],
    ] as const) {
      const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
        ...plain,
        training,
        release,
        clippingNorm,
        learningRate,
      });
      for (let step = 0; step < 25; step += 1) await trainer.step();
      const after = await evaluator.evaluate(trainer.weights());
      expect(after.loss).toBeLessThan(0.7 * before.loss);
      expect(after.accuracy).toBeGreaterThan(0.8);
      trainer.dispose();
    }
    evaluator.dispose();
    tiny.model.dispose();
    held.model.dispose();
  });

  it('keeps no tensor over 200 steps', async () => {
    const tiny = await tinyTraining(fast);
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      training: { ...plain.training, samplingRate: 0.5 },
      clippingNorm: 0.5,
      release: noisy(tiny, 'leak', 0.5),
    });
    for (let step = 0; step < 3; step += 1) await trainer.step();
    const before = tf.memory().numTensors;
    for (let step = 0; step < 200; step += 1) await trainer.step();
    expect(tf.memory().numTensors).toBe(before);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('frees everything it made', async () => {
    const tiny = await tinyTraining(papers);
    const warm = await gradientChecks(tiny, tinyTask, true); // the model keeps transposed copies from its first use
    warm.dispose();
    const before = tf.memory().numTensors;
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      variant: adapterVariant('lora'),
    });
    await trainer.step();
    trainer.beginRound({ round: 2, weights: trainer.weights(), learningRate: 0.1 });
    await trainer.step();
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tiny.model.dispose();
  });
});

describe('local trainer', () => {
  beforeAll(() => useBackend('cpu'));

  it('gives the same step however many examples a micro-batch holds', async () => {
    const rows = separableRows(7, 'odd');
    const tiny = await tinyTraining({ ...papers, rows });
    const checks = await gradientChecks(tiny, tinyTask, false);
    const expected = clipByHand(checks.oneAtATime, 0.3);
    expect(relativeDistance(await checks.clippedSum(0.3), expected)).toBeLessThan(1e-5);
    checks.dispose();
    tiny.model.dispose();
  });

  it('takes only the first examples that the public cap allows', async () => {
    const tiny = await tinyTraining({ ...fast, rows: separableRows(9, 'cap') });
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      training: { ...plain.training, maxExamplesPerStep: 4 },
    });
    expect(trainer.examplesUsed).toBe(4);
    expect((await trainer.step()).examples).toBe(4);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('trains A as well in plain LoRA, and leaves A alone in FFA-LoRA', async () => {
    const tiny = await tinyTraining(papers);
    for (const name of ['ffa-lora', 'lora'] as const) {
      const variant = adapterVariant(name);
      const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
        ...plain,
        variant,
      });
      await trainer.step();
      const after = trainer.weights();
      const isSame = (part: 'A' | 'B') =>
        flatten(after, [part]).every((value, i) => value === flatten(tiny.weights, [part])[i]);
      expect(isSame('A')).toBe(name === 'ffa-lora');
      expect(isSame('B')).toBe(false);
      const flat = flatten(trainer.weights(), variant.trainedParts);
      const start = flatten(tiny.weights, variant.trainedParts);
      const moved = flat.map((value, i) => value - start[i]!);
      expect(relativeDistance(trainer.update().reals(), moved)).toBeLessThan(1e-7);
      trainer.dispose();
    }
    tiny.model.dispose();
  });

  it('starts a round from the global adapter, whatever it had before', async () => {
    const tiny = await tinyTraining(fast);
    const settings = { ...plain, training: { ...plain.training, optimizer: 'adam' as const } };
    const trainer = createLocalTrainer(
      tiny.model,
      tiny.spec,
      tiny.weights,
      tiny.examples,
      settings,
    );
    await trainer.step();
    const first = trainer.update().reals();
    await trainer.step();
    trainer.beginRound({ round: 2, weights: tiny.weights, learningRate: 0.5 });
    expect(trainer.update().values.every((value) => value === 0)).toBe(true);
    await trainer.step();
    expect(trainer.update().reals()).toEqual(first);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('fails, with the weights untouched, where a weight is not finite', async () => {
    const tiny = await tinyTraining(fast);
    const broken = { ...tiny.weights, loraB: tiny.weights.loraB.map((b) => b.slice()) };
    broken.loraB[0]![0] = Number.NaN;
    // The model keeps transposed copies of its weights from its first backward pass on.
    const warm = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, plain);
    await warm.step();
    warm.dispose();
    const before = tf.memory().numTensors;
    for (const clippingNorm of [null, 0.5]) {
      const trainer = createLocalTrainer(tiny.model, tiny.spec, broken, tiny.examples, {
        ...plain,
        clippingNorm,
        release: clippingNorm === null ? unprotectedRelease() : noisy(tiny, 'nan', 1),
      });
      await expect(trainer.step()).rejects.toThrow(TrainingFailure);
      await expect(trainer.step()).rejects.toMatchObject({ reason: 'not-finite' });
      trainer.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    tiny.model.dispose();
  });

  it('fails where the optimizer leaves the numbers', async () => {
    const tiny = await tinyTraining(fast);
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      learningRate: 1e300,
    });
    await expect(trainer.step()).rejects.toMatchObject({ reason: 'not-finite' });
    expect(trainer.update().values.every((value) => value === 0)).toBe(true);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('says that it has no examples, or one that is too long', async () => {
    const tiny = await tinyTraining(fast);
    const without = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, [], plain);
    await expect(without.step()).rejects.toMatchObject({ reason: 'no-examples' });
    const long = { promptIds: new Array<number>(65).fill(1), targetIds: null, label: 0 };
    const tooLong = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, [long], plain);
    await expect(tooLong.prepare()).rejects.toMatchObject({ reason: 'too-many-tokens' });
    tiny.model.dispose();
  });
});
