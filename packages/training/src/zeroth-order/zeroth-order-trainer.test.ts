import { flatten } from '@roundtable/lora';
import { isReleased, ReleaseFailure } from '@roundtable/privacy';
import { seededGaussianMechanism } from '@roundtable/privacy/testing';
import { seededRandom } from '@roundtable/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEvaluator } from '../evaluator.ts';
import {
  differenceChecks,
  meZo,
  publicDirections,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
  type TinyTraining,
} from '../testing/index.ts';
import { clippedSum } from './clip-rows.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';
import type { ZerothOrderSettings } from './zeroth-order-settings.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const clipping = { norm: 'l2', bound: 0.5 } as const;

const noisy = (seed: string, samplingRate = 1, directions = 4) =>
  seededGaussianMechanism({
    clippingNorm: clipping.bound,
    noiseMultiplier: 1,
    samplingRate,
    length: directions,
    exampleCap: 64,
    random: seededRandom(seed),
  });
const protectedBy = (seed: string): ZerothOrderSettings => ({
  ...meZo,
  clipping,
  release: noisy(seed),
});
const lengthOf = ({ weights }: TinyTraining): number => flatten(weights, ['B']).length;
const ruleOf = (tiny: TinyTraining, strengths?: readonly number[]) =>
  publicDirections({
    length: lengthOf(tiny),
    directions: 4,
    ...(strengths === undefined ? {} : { strengths }),
  });

/** A trainer whose first round has begun. */
function trainerOf(tiny: TinyTraining, settings: ZerothOrderSettings, rule = ruleOf(tiny)) {
  const { model, spec, weights, examples } = tiny;
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, settings);
  trainer.beginRound({ round: 3, weights, learningRate: 0.1, rule });
  return trainer;
}

describe.each(['cpu', 'wasm'] as const)('zeroth-order trainer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('moves by the mean differences on a public grid where nothing is protected', async () => {
    const tiny = await tinyTraining(fast);
    const checks = await differenceChecks(tiny, { scale: 1e-3, directions: 4 });
    const indices = tiny.examples.map((_, i) => i);
    const { rows } = await checks.differences(indices);
    const trainer = trainerOf(tiny, meZo);
    const step = await trainer.step();
    expect(step).toMatchObject({ examples: 6, event: null });
    const update = trainer.update();
    const means = clippedSum(rows, 4, null).map((sum) => sum / 6);
    expect(update.gridStep).toBe(2 ** -16);
    update.reals().forEach((value, j) => {
      expect(Math.abs(value - means[j]!)).toBeLessThanOrEqual(2 ** -17);
    });
    const moved = flatten(tiny.weights, ['B']);
    ruleOf(tiny).move(moved, 0, 0.1, update.reals());
    expect(flatten(trainer.weights(), ['B'])).toEqual(moved);
    checks.dispose();
    trainer.dispose();
    tiny.model.dispose();
  });

  it('releases the sum of clipped vectors and moves by what was released over the divisor', async () => {
    const tiny = await tinyTraining(fast);
    const checks = await differenceChecks(tiny, { scale: 1e-3, directions: 4 });
    const indices = tiny.examples.map((_, i) => i);
    const { rows } = await checks.differences(indices);
    const trainer = trainerOf(tiny, protectedBy('step'));
    const { event } = await trainer.step();
    expect(event).toEqual({ ...noisy('step').event, count: 1, round: 3 });
    const update = trainer.update();
    expect(update.protection).toBe('differential-privacy');
    expect(update.values).toEqual(noisy('step').release(clippedSum(rows, 4, clipping)).values);
    const moved = flatten(tiny.weights, ['B']);
    ruleOf(tiny).move(
      moved,
      0,
      0.1,
      update.reals().map((value) => value / 6),
    );
    expect(flatten(trainer.weights(), ['B'])).toEqual(moved);
    expect(trainer.updateEvent).toBeNull();
    checks.dispose();
    trainer.dispose();
    tiny.model.dispose();
  });

  it('learns a separable task, without noise and with it', async () => {
    const tiny = await tinyTraining({ ...fast, rows: separableRows(60, 'train') });
    const held = await tinyTraining({ ...fast, rows: separableRows(60, 'held out') });
    const evaluator = await createEvaluator(tiny.model, tiny.spec, tinyTask, held.examples);
    const before = await evaluator.evaluate(tiny.weights);
    const training = { ...meZo.training, batchDivisor: 60 };
    for (const [settings, learningRate] of [
      [meZo, 0.05],
      [protectedBy('learn'), 0.2],
    ] as const) {
      const trainer = trainerOf(tiny, { ...settings, training });
      const { weights } = tiny;
      trainer.beginRound({ round: 4, weights, learningRate, rule: ruleOf(tiny) });
      let last: number | null = null;
      for (let step = 0; step < 60; step += 1) last = (await trainer.step()).localLoss;
      const after = await evaluator.evaluate(trainer.weights());
      expect(after.loss).toBeLessThan(0.8 * before.loss);
      expect(last).toBeLessThan(0.8 * before.loss);
      trainer.dispose();
    }
    evaluator.dispose();
    tiny.model.dispose();
    held.model.dispose();
  });

  it('keeps no tensor over steps and frees everything it made', async () => {
    const tiny = await tinyTraining({ modules: ['q_proj', 'v_proj'], layers: 'all' });
    const before = tf.memory().numTensors;
    const trainer = trainerOf(tiny, protectedBy('leak'));
    await trainer.step();
    const prepared = tf.memory().numTensors;
    for (let step = 0; step < 3; step += 1) await trainer.step();
    expect(tf.memory().numTensors).toBe(prepared);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tiny.model.dispose();
  });
});

describe('zeroth-order trainer', () => {
  beforeAll(() => useBackend('cpu'));

  it('releases noise and books a step for an empty batch too', async () => {
    const tiny = await tinyTraining(fast);
    const rate = 1e-9;
    const trainer = trainerOf(tiny, {
      ...meZo,
      clipping,
      training: { ...meZo.training, samplingRate: rate },
      release: noisy('empty', rate),
    });
    expect(await trainer.step()).toEqual({
      localLoss: null,
      examples: 0,
      event: { ...noisy('empty', rate).event, count: 1, round: 3 },
    });
    const noise = noisy('empty', rate).release(new Float64Array(4));
    expect(trainer.update().values).toEqual(noise.values);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('joins the releases of a round step by step, and starts anew with the next round', async () => {
    const tiny = await tinyTraining(fast);
    const trainer = trainerOf(tiny, protectedBy('join'));
    for (let step = 0; step < 3; step += 1) await trainer.step();
    const first = trainer.update();
    expect(isReleased(first)).toBe(true);
    expect(first.length).toBe(3 * 4);
    // With equal noise the steps are equal: two steps are the beginning of three.
    const shorter = trainerOf(tiny, protectedBy('join'));
    for (let step = 0; step < 2; step += 1) await shorter.step();
    expect(shorter.update().values).toEqual(first.values.slice(0, 8));
    trainer.beginRound({ round: 4, weights: tiny.weights, learningRate: 0.1, rule: ruleOf(tiny) });
    expect(flatten(trainer.weights(), ['B'])).toEqual(flatten(tiny.weights, ['B']));
    await trainer.step();
    expect(trainer.update().length).toBe(4);
    trainer.dispose();
    shorter.dispose();
    tiny.model.dispose();
  });

  it('gives the same weights with the same seeds, others with other directions', async () => {
    const tiny = await tinyTraining(fast);
    const run = async (seed: string): Promise<Float32Array> => {
      const rule = publicDirections({ length: lengthOf(tiny), directions: 4, seed });
      const trainer = trainerOf(tiny, protectedBy('noise'), rule);
      for (let step = 0; step < 2; step += 1) await trainer.step();
      trainer.dispose();
      return flatten(trainer.weights(), ['B']);
    };
    expect(await run('one')).toEqual(await run('one'));
    expect(await run('one')).not.toEqual(await run('two'));
    tiny.model.dispose();
  });

  it('never moves a coordinate of strength 0', async () => {
    const tiny = await tinyTraining(fast);
    const strengths = Array.from({ length: lengthOf(tiny) }, (_, i) => (i % 3 === 0 ? 1.2 : 0));
    const trainer = trainerOf(tiny, protectedBy('mask'), ruleOf(tiny, strengths));
    for (let step = 0; step < 2; step += 1) await trainer.step();
    const start = flatten(tiny.weights, ['B']);
    flatten(trainer.weights(), ['B']).forEach((value, i) => {
      expect(value === start[i]).toBe(strengths[i] === 0);
    });
    trainer.dispose();
    tiny.model.dispose();
  });

  it('releases nothing, and keeps its weights, where a loss, the release or a weight fails', async () => {
    const tiny = await tinyTraining(fast);
    const broken = { ...tiny.weights, loraB: tiny.weights.loraB.map((b) => b.slice()) };
    broken.loraB[0]![0] = Number.NaN;
    const failing = {
      ...noisy('x'),
      release: () => {
        throw new ReleaseFailure('random-source', 'no entropy');
      },
    };
    const rule = ruleOf(tiny);
    let calls = 0;
    for (const [reason, settings, start] of [
      ['not-finite', meZo, { weights: broken, learningRate: 0.1 }],
      ['random-source', { ...meZo, clipping, release: failing }, null],
      ['not-finite', meZo, { weights: tiny.weights, learningRate: 1e300 }],
    ] as const) {
      const release = {
        ...settings.release,
        release: (sum: Float64Array | Float32Array) => {
          calls += 1;
          return settings.release.release(sum);
        },
      };
      const trainer = trainerOf(tiny, { ...settings, release });
      const { weights, learningRate } = start ?? { weights: tiny.weights, learningRate: 0.1 };
      trainer.beginRound({ round: 4, weights, learningRate, rule });
      await expect(trainer.step()).rejects.toMatchObject({ reason });
      expect(flatten(trainer.weights(), ['B'])).toEqual(flatten(weights, ['B']));
      expect(() => trainer.update()).toThrow('releases must be at least one');
      trainer.dispose();
    }
    // Losses that are not finite never reach the release.
    expect(calls).toBe(2);
    tiny.model.dispose();
  });

  it('gives others their turn after every pass, and still fails where one of them fails', async () => {
    const rows = separableRows(5, 'turns');
    const tiny = await tinyTraining({ modules: ['q_proj'], layers: 'all', rows });
    const trainer = trainerOf(tiny, protectedBy('turns'));
    let turns = 0;
    const take = async (): Promise<void> => {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    };
    const { localLoss } = await trainer.step(take);
    // Each of 5 examples in a pass of its own, all 4 directions at once.
    expect(turns).toBe(5);
    const again = trainerOf(tiny, protectedBy('turns'));
    expect((await again.step()).localLoss).toBe(localLoss);
    expect(again.update().values).toEqual(trainer.update().values);
    const broken = { ...tiny.weights, loraB: tiny.weights.loraB.map((b) => b.slice()) };
    broken.loraB[0]![0] = Number.NaN;
    const rule = ruleOf(tiny);
    again.beginRound({ round: 4, weights: broken, learningRate: 0.1, rule });
    await expect(again.step(take)).rejects.toMatchObject({ reason: 'not-finite' });
    trainer.dispose();
    again.dispose();
    tiny.model.dispose();
  });

  it('says that it has no examples, or one that is too long', async () => {
    const tiny = await tinyTraining(fast);
    const without = trainerOf({ ...tiny, examples: [] }, meZo);
    await expect(without.step()).rejects.toMatchObject({ reason: 'no-examples' });
    const long = { promptIds: new Array<number>(65).fill(1), targetIds: null, label: 0 };
    const tooLong = trainerOf({ ...tiny, examples: [long] }, meZo);
    await expect(tooLong.prepare()).rejects.toMatchObject({ reason: 'too-many-tokens' });
    tiny.model.dispose();
  });
});
