import { isReleased, localGaussianMechanism, unprotectedRelease } from '@roundtable/privacy';
import { secureRandom, seededRandom, type SecureRandom } from '@roundtable/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLocalTrainer } from './local-trainer.ts';
import {
  lengthOf,
  noisy,
  plain,
  relativeDistance,
  tinyTraining,
  useBackend,
} from './testing/index.ts';
import type { LocalTrainerSettings } from './trainer-settings.ts';

const fast = { modules: ['o_proj', 'down_proj'], layers: [-1] };

describe('protected steps', () => {
  beforeAll(() => useBackend('cpu'));

  it('releases noise and books a step for an empty batch too', async () => {
    const tiny = await tinyTraining(fast);
    const rate = 1e-9;
    const trainer = createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
      ...plain,
      training: { ...plain.training, samplingRate: rate },
      clippingNorm: 0.5,
      release: noisy(tiny, 'empty', rate),
    });
    trainer.beginRound({ round: 3, weights: tiny.weights, learningRate: 0.5 });
    const step = await trainer.step();
    expect(step).toEqual({
      localLoss: null,
      examples: 0,
      event: { ...noisy(tiny, 'empty', rate).event, count: 1, round: 3 },
    });
    const noise = noisy(tiny, 'empty', rate)
      .release(new Float32Array(lengthOf(tiny)))
      .reals();
    const expected = noise.map((value) => (-0.5 * value) / 6);
    expect(relativeDistance(trainer.update().reals(), expected)).toBeLessThan(1e-4);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('refuses reproducible batch coins where a release protects', async () => {
    const tiny = await tinyTraining(fast);
    const random = seededRandom('coins');
    const create = (settings: Partial<LocalTrainerSettings>) => () =>
      createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
        ...plain,
        random,
        ...settings,
      });
    const release = noisy(tiny, 'x', 1);
    expect(create({ clippingNorm: 0.5, release })).toThrow('random must be secure');
    create({})().dispose();
    tiny.model.dispose();
  });

  it('gives protected updates only where every step was released with protection', async () => {
    const tiny = await tinyTraining(fast);
    for (const [release, clippingNorm, protection] of [
      [unprotectedRelease(), null, 'none'],
      [noisy(tiny, 'x', 1), 0.5, 'differential-privacy'],
    ] as const) {
      const settings = { ...plain, release, clippingNorm };
      const trainer = createLocalTrainer(
        tiny.model,
        tiny.spec,
        tiny.weights,
        tiny.examples,
        settings,
      );
      await trainer.step();
      const update = trainer.update();
      expect(isReleased(update)).toBe(true);
      expect(update.protection).toBe(protection);
      trainer.dispose();
    }
    tiny.model.dispose();
  });

  it('releases nothing, and keeps its weights, where the random source fails', async () => {
    const tiny = await tinyTraining(fast);
    const random: SecureRandom = {
      ...secureRandom(),
      fillUint32: () => {
        throw new Error('no entropy');
      },
    };
    const parameters = { clippingNorm: 0.5, noiseMultiplier: 1, samplingRate: 1 };
    const release = localGaussianMechanism({
      ...parameters,
      length: lengthOf(tiny),
      exampleCap: 64,
      random,
    });
    const settings = { ...plain, clippingNorm: 0.5, release };
    const trainer = createLocalTrainer(
      tiny.model,
      tiny.spec,
      tiny.weights,
      tiny.examples,
      settings,
    );
    await expect(trainer.step()).rejects.toMatchObject({ reason: 'random-source' });
    expect(trainer.update().values.every((value) => value === 0)).toBe(true);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('refuses clipping, sampling or divisor that do not fit the release', async () => {
    const tiny = await tinyTraining(fast);
    const create = (settings: Partial<LocalTrainerSettings>) => () =>
      createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, {
        ...plain,
        ...settings,
      });
    expect(create({ release: noisy(tiny, 'x', 1) })).toThrow('clippingNorm');
    expect(create({ clippingNorm: 0.5 })).toThrow('clippingNorm');
    expect(create({ clippingNorm: 0.5, release: noisy(tiny, 'x', 0.5) })).toThrow('samplingRate');
    expect(create({ training: { ...plain.training, batchDivisor: 0 } })).toThrow('batchDivisor');
    tiny.model.dispose();
  });

  it('refuses an adapter too wide for the slack on its norms, but only where examples are clipped', async () => {
    const tiny = await tinyTraining(fast);
    const wide = {
      ...tiny.spec,
      targets: tiny.spec.targets.map((target) => ({ ...target, outFeatures: 9_000 })),
    };
    const create = (settings: LocalTrainerSettings) => () =>
      createLocalTrainer(tiny.model, wide, tiny.weights, tiny.examples, settings);
    const release = noisy(tiny, 'x', 1);
    expect(create({ ...plain, clippingNorm: 0.5, release })).toThrow('rank + features + matrices');
    expect(create(plain)).not.toThrow('rank + features + matrices');
    tiny.model.dispose();
  });
});
