import { flatten } from '@roundtable/lora';
import { clipVector } from '@roundtable/privacy';
import { seededGaussianMechanism, seededLaplaceMechanism } from '@roundtable/privacy/testing';
import { seededRandom } from '@roundtable/random';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  differenceChecks,
  meZo,
  publicDirections,
  tinyTraining,
  useBackend,
  type TinyTraining,
} from '../testing/index.ts';
import { clippedSum } from './clip-rows.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';
import type { ZerothOrderSettings } from './zeroth-order-settings.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const bound = 0.3;
const steps = 3;
const wholeRound = (seed: string) =>
  seededGaussianMechanism({
    clippingNorm: bound,
    noiseMultiplier: 1,
    samplingRate: 1,
    length: steps * 4,
    exampleCap: 1,
    random: seededRandom(seed),
  });
const client = (seed: string): ZerothOrderSettings => ({
  ...meZo,
  privacyUnit: 'client',
  clipping: { norm: 'l2', bound },
  training: { ...meZo.training, samplingRate: 0.99 },
  release: wholeRound(seed),
});
const laplaceRelease = (seed: string) =>
  seededLaplaceMechanism({
    clippingNorm: bound,
    noiseMultiplier: 2,
    samplingRate: 1,
    length: 4,
    exampleCap: 64,
    random: seededRandom(seed),
  });

const ruleOf = ({ weights }: TinyTraining) =>
  publicDirections({ length: flatten(weights, ['B']).length, directions: 4 });

function trainerOf(tiny: TinyTraining, settings: ZerothOrderSettings) {
  const { model, spec, weights, examples } = tiny;
  const trainer = createZerothOrderTrainer(model, spec, weights, examples, settings);
  trainer.beginRound({ round: 5, weights, learningRate: 0.1, rule: ruleOf(tiny) });
  return trainer;
}

describe('zeroth order with a client as the unit', () => {
  beforeAll(() => useBackend('cpu'));

  it('moves by raw means, and releases all steps once: clipped, with the noise of one release', async () => {
    const tiny = await tinyTraining(fast);
    const settings = { ...client('once'), training: meZo.training };
    const trainer = trainerOf(tiny, settings);
    const checks = await differenceChecks(tiny, { scale: 1e-3, directions: 4 });
    const { rows } = await checks.differences(tiny.examples.map((_, i) => i));
    const means: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      expect((await trainer.step()).event).toBeNull();
      if (step > 0) continue;
      means.push(...clippedSum(rows, 4, null).map((sum) => sum / 6));
      const moved = flatten(tiny.weights, ['B']);
      ruleOf(tiny).move(moved, 0, 0.1, means);
      expect(flatten(trainer.weights(), ['B'])).toEqual(moved);
    }
    const update = trainer.update();
    expect(update.protection).toBe('differential-privacy');
    expect(update.length).toBe(steps * 4);
    expect(trainer.update()).toBe(update);
    expect(trainer.updateEvent).toEqual({ ...wholeRound('x').event, count: 1, round: 5 });
    checks.dispose();
    trainer.dispose();
    tiny.model.dispose();
  });

  it('clips what it releases to the bound, over all steps together', async () => {
    const tiny = await tinyTraining(fast);
    const seen: Float64Array[] = [];
    const working = wholeRound('clip');
    const release = {
      ...working,
      release: (sum: Float32Array | Float64Array) => {
        seen.push(Float64Array.from(sum));
        return working.release(sum);
      },
    };
    const trainer = trainerOf(tiny, { ...client('clip'), release });
    for (let step = 0; step < steps; step += 1) await trainer.step();
    trainer.update();
    expect(seen).toHaveLength(1);
    // The vector is longer than the bound, so that clipping leaves it exactly there.
    expect(Math.hypot(...seen[0]!)).toBeCloseTo(bound, 12);
    expect(clipVector(seen[0]!, bound / 2)[0]).toBeCloseTo(seen[0]![0]! / 2, 12);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('does not try a second time after a release that failed', async () => {
    const tiny = await tinyTraining(fast);
    let calls = 0;
    const release = {
      ...wholeRound('x'),
      release: (sum: Float32Array | Float64Array) => {
        calls += 1;
        return wholeRound('x').release(sum.subarray(1));
      },
    };
    const trainer = trainerOf(tiny, { ...client('x'), release });
    await trainer.step();
    expect(() => trainer.update()).toThrow('sum.length');
    expect(() => trainer.update()).toThrow('already-released');
    expect(calls).toBe(1);
    trainer.dispose();
    tiny.model.dispose();
  });
});

describe('zeroth order with Laplace noise', () => {
  beforeAll(() => useBackend('cpu'));

  it('clips each example in L1 and releases every step', async () => {
    const tiny = await tinyTraining(fast);
    const clipping = { norm: 'l1', bound } as const;
    const trainer = trainerOf(tiny, { ...meZo, clipping, release: laplaceRelease('laplace') });
    const checks = await differenceChecks(tiny, { scale: 1e-3, directions: 4 });
    const { rows } = await checks.differences(tiny.examples.map((_, i) => i));
    const { event } = await trainer.step();
    expect(event).toMatchObject({ kind: 'laplace', count: 1, round: 5 });
    const again = laplaceRelease('laplace').release(clippedSum(rows, 4, clipping));
    expect(trainer.update().values).toEqual(again.values);
    checks.dispose();
    trainer.dispose();
    tiny.model.dispose();
  });
});
