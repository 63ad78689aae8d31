import { adapterVariant, flatten } from '@roundtable/lora';
import { unprotectedRelease, type ReleaseMechanism } from '@roundtable/privacy';
import { seededGaussianMechanism } from '@roundtable/privacy/testing';
import { secureRandom, seededRandom } from '@roundtable/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLocalTrainer } from './local-trainer.ts';
import {
  norm,
  relativeDistance,
  tinyTask,
  tinyTraining,
  useBackend,
  type TinyTraining,
} from './testing/index.ts';
import type { LocalTrainerSettings } from './trainer-settings.ts';

const clippingNorm = 0.01;
const settings: Omit<LocalTrainerSettings, 'release'> = {
  task: tinyTask,
  variant: adapterVariant('ffa-lora'),
  training: { optimizer: 'adam', samplingRate: 0.9, batchDivisor: 6, maxExamplesPerStep: 64 },
  privacyUnit: 'client',
  clippingNorm,
  learningRate: 0.01,
  random: secureRandom(),
};
const noisy = (tiny: TinyTraining, seed: string): ReleaseMechanism =>
  seededGaussianMechanism({
    clippingNorm,
    noiseMultiplier: 2,
    samplingRate: 1,
    length: flatten(tiny.weights, ['B']).length,
    exampleCap: 1,
    random: seededRandom(seed),
  });
const trainerOf = (tiny: TinyTraining, release: ReleaseMechanism) =>
  createLocalTrainer(tiny.model, tiny.spec, tiny.weights, tiny.examples, { ...settings, release });

describe('local trainer with a client as the unit', () => {
  beforeAll(() => useBackend('cpu'));

  it('releases the whole update once: clipped, with the noise of one release, at rate 1', async () => {
    const tiny = await tinyTraining({ modules: ['o_proj', 'down_proj'], layers: [-1] });
    const trainer = trainerOf(tiny, noisy(tiny, 'once'));
    trainer.beginRound({ round: 5, weights: tiny.weights, learningRate: 0.01 });
    for (let step = 0; step < 3; step += 1) {
      expect((await trainer.step()).event).toBeNull();
    }
    const start = flatten(tiny.weights, ['B']);
    const moved = flatten(trainer.weights(), ['B']).map((value, i) => value - start[i]!);
    expect(norm(moved)).toBeGreaterThan(2 * clippingNorm);
    const factor = clippingNorm / norm(moved);
    const update = trainer.update();
    expect(update.protection).toBe('differential-privacy');
    const again = noisy(tiny, 'once').release(moved.map((value) => value * factor));
    expect(relativeDistance(update.reals(), again.reals())).toBeLessThan(1e-4);
    expect(trainer.updateEvent).toEqual({ ...noisy(tiny, 'x').event, count: 1, round: 5 });
    trainer.dispose();
    tiny.model.dispose();
  });

  it('gives the same release again in a round, and a new one in the next', async () => {
    const tiny = await tinyTraining({ modules: ['o_proj'], layers: [-1] });
    const trainer = trainerOf(tiny, noisy(tiny, 'again'));
    await trainer.step();
    const first = trainer.update();
    expect(trainer.update()).toBe(first);
    trainer.beginRound({ round: 2, weights: tiny.weights, learningRate: 0.01 });
    expect(trainer.update()).not.toBe(first);
    expect(trainer.update().values).not.toEqual(first.values);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('does not try a second time after a release that failed', async () => {
    const tiny = await tinyTraining({ modules: ['o_proj'], layers: [-1] });
    const working = noisy(tiny, 'x');
    let calls = 0;
    const trainer = trainerOf(tiny, {
      ...working,
      release: (sum) => {
        calls += 1;
        return working.release(sum.subarray(1));
      },
    });
    expect(() => trainer.update()).toThrow('sum.length');
    expect(() => trainer.update()).toThrow('already-released');
    expect(calls).toBe(1);
    trainer.dispose();
    tiny.model.dispose();
  });

  it('refuses a release that samples clients, or protects nothing', async () => {
    const tiny = await tinyTraining({ modules: ['o_proj'], layers: [-1] });
    const sampled = {
      ...noisy(tiny, 'x'),
      event: { ...noisy(tiny, 'x').event!, samplingRate: 0.9 },
    };
    expect(() => trainerOf(tiny, sampled)).toThrow('samplingRate');
    const nothing = { ...unprotectedRelease(), clippingNorm };
    expect(() => trainerOf(tiny, nothing)).toThrow('privacyUnit');
    tiny.model.dispose();
  });
});
