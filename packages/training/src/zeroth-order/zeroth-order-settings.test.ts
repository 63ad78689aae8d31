import { flatten } from '@roundtable/lora';
import { unprotectedRelease } from '@roundtable/privacy';
import { seededGaussianMechanism, seededLaplaceMechanism } from '@roundtable/privacy/testing';
import { seededRandom } from '@roundtable/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLocalTrainer } from '../local-trainer.ts';
import { meZo, plain, publicDirections, tinyTraining, useBackend } from '../testing/index.ts';
import { createZerothOrderTrainer } from './zeroth-order-trainer.ts';
import type { ZerothOrderSettings } from './zeroth-order-settings.ts';

const common = { clippingNorm: 0.5, noiseMultiplier: 1, samplingRate: 1, length: 4 };
const gaussian = seededGaussianMechanism({
  ...common,
  exampleCap: 64,
  random: seededRandom('settings'),
});
const laplace = seededLaplaceMechanism({
  ...common,
  exampleCap: 64,
  random: seededRandom('settings'),
});
const l2 = { norm: 'l2', bound: 0.5 } as const;
const l1 = { norm: 'l1', bound: 0.5 } as const;

describe('zeroth-order settings', () => {
  beforeAll(() => useBackend('cpu'));

  it('must belong together', async () => {
    const { model, spec, weights, examples } = await tinyTraining({
      modules: ['o_proj'],
      layers: [-1],
    });
    const create = (settings: Partial<ZerothOrderSettings>) => () =>
      createZerothOrderTrainer(model, spec, weights, examples, { ...meZo, ...settings });
    const { training } = meZo;
    expect(create({ clipping: l2, release: gaussian })).not.toThrow();
    expect(create({ clipping: l1, release: laplace })).not.toThrow();
    expect(create({ release: gaussian })).toThrow('clippingNorm must be');
    expect(create({ clipping: l2 })).toThrow('clippingNorm must be');
    expect(create({ clipping: { ...l2, bound: 0.4 }, release: gaussian })).toThrow('clippingNorm');
    expect(create({ clipping: l1, release: gaussian })).toThrow('clipping.norm must be l2');
    expect(create({ clipping: l2, release: laplace })).toThrow('clipping.norm must be l1');
    const asClient = { privacyUnit: 'client' } as const;
    expect(create(asClient)).toThrow('privacyUnit must be example');
    expect(create({ ...asClient, clipping: l1, release: laplace })).toThrow('where a client');
    const seeded = { random: seededRandom('coins') };
    expect(create({ ...seeded, clipping: l2, release: gaussian })).toThrow('random must be secure');
    expect(create(seeded)).not.toThrow();
    const half = { training: { ...training, samplingRate: 0.5 } };
    expect(create({ ...half, clipping: l2, release: gaussian })).toThrow('samplingRate');
    expect(create({ training: { ...training, batchDivisor: 0 } })).toThrow('batchDivisor');
    expect(create({ training: { ...training, optimizer: 'adam' } })).toThrow('optimizer');
    expect(create({ directions: 0 })).toThrow('directions must be');
    expect(create({ scale: 0 })).toThrow('scale must be');
    expect(create({ parts: [] })).toThrow('parts must name');
    const unbounded = { clipping: { ...l2, bound: Infinity } };
    const release = { ...unprotectedRelease(), clippingNorm: Infinity };
    expect(create({ ...unbounded, release })).toThrow('clipping.bound');
    model.dispose();
  });

  it('want a rule that is theirs, which training by gradients refuses', async () => {
    const tiny = await tinyTraining({ modules: ['o_proj'], layers: [-1] });
    const { model, spec, weights, examples } = tiny;
    const length = flatten(weights, ['B']).length;
    const trainer = createZerothOrderTrainer(model, spec, weights, examples, meZo);
    const start = { round: 1, weights, learningRate: 0.1 };
    const rule = publicDirections({ length, directions: 4 });
    expect(() => trainer.update()).toThrow('must have begun');
    await expect(trainer.step()).rejects.toThrow('must have begun');
    const begin = (changes: Partial<typeof rule>) => () => {
      trainer.beginRound({ ...start, rule: { ...rule, ...changes } });
    };
    expect(() => {
      trainer.beginRound(start);
    }).toThrow('rule must be given');
    expect(begin({ length: length + 1 })).toThrow(`rule.length must be ${length}`);
    expect(begin({ directions: 5 })).toThrow('rule.directions must be 4');
    expect(begin({ scale: 0.1 })).toThrow('rule.scale must be 0.001');
    expect(begin({ parts: ['A', 'B'] })).toThrow('rule.parts must be B');
    expect(begin({})).not.toThrow();
    const byGradients = createLocalTrainer(model, spec, weights, examples, plain);
    expect(() => {
      byGradients.beginRound({ ...start, rule });
    }).toThrow('rule must be left out');
    model.dispose();
  });
});
