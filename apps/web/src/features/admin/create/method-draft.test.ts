import type { ModuleCatalog } from '@roundtable/lora';
import { poissonCapacity } from '@roundtable/privacy';
import { federationSettingsSchema, methodChoices } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { settingsOf, startDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { choiceOf, withMethod, withTarget, withUnit } from './method-draft.ts';

const choice = { modules: ['o_proj'], layers: [-1] };
const catalog: ModuleCatalog = {
  modules: [{ module: 'model.layers.0.o_proj', inFeatures: 64, outFeatures: 32, layer: 0 }],
  layers: 1,
  fanInFanOut: false,
  defaults: { papers: choice, fast: choice },
};
const task = {
  kind: 'classification' as const,
  template: '{text}\n→ {label}',
  labels: ['a', 'b'],
  maxTokens: 96,
};
const draft = startDraft(
  { id: 'tiny', sizeBytes: 1, catalog },
  { name: 'Routing', purpose: 'Tests', task },
  'seed',
  { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
);
const isValid = (of: Draft): boolean =>
  federationSettingsSchema.safeParse(settingsOf(of, 4)).success;
const pairs = methodChoices.flatMap((from) => methodChoices.map((to) => [from, to] as const));

describe('withMethod', () => {
  it.each(pairs)('leaves valid settings when %s becomes %s', (from, to) => {
    const changed = withMethod(withMethod(draft, { name: from }), { name: to });
    expect(isValid(changed)).toBe(true);
    expect(choiceOf(changed).name).toBe(to);
    const { name, task: kept, rounds, cohort, adapter } = changed.settings;
    expect({ name, task: kept, rounds, cohort, adapter }).toEqual({
      ...{ name: 'Routing', task, rounds: draft.settings.rounds },
      ...{ cohort: draft.settings.cohort, adapter: draft.settings.adapter },
    });
  });

  it.each(methodChoices)('comes back from %s to where it was', (name) => {
    expect(withMethod(withMethod(draft, { name }), { name: 'ffa-lora' })).toEqual(draft);
  });

  it('keeps a learning rate of one’s own among methods that learn by gradients', () => {
    const training = { ...draft.settings.training, learningRate: 3 };
    const own = { ...draft, settings: { ...draft.settings, training } };
    expect(withMethod(own, { name: 'fedsvd' }).settings.training.learningRate).toBe(3);
    expect(withMethod(own, { name: 'zeroth-order' }).settings.training.learningRate).not.toBe(3);
  });

  it('takes a tenth of the examples into a step of forward passes, and room for every draw', () => {
    const { training } = withMethod(draft, { name: 'zeroth-order' }).settings;
    expect(training).toMatchObject({ samplingRate: 0.1, batchDivisor: 30 });
    expect(poissonCapacity(0.1, training.maxExamplesPerStep)).toBeGreaterThanOrEqual(300);
    expect(training.maxExamplesPerStep).toBeLessThan(100);
  });

  it('trains forward passes by plain steps', () => {
    const training = { ...draft.settings.training, optimizer: 'adam' as const };
    const own = { ...draft, settings: { ...draft.settings, training } };
    expect(withMethod(own, { name: 'zeroth-order' }).settings.training.optimizer).toBe('sgd');
  });

  it('keeps the quantized method, the width and the period of a part that is changed', () => {
    const fedlpp = withMethod(draft, { name: 'fedlpp', baseMethod: 'fedsvd', codebookBits: 2 });
    const slower = { ...fedlpp.settings, fedSvd: { period: 5 } };
    const chosen = choiceOf({ ...fedlpp, settings: slower });
    expect(chosen).toMatchObject({ baseMethod: 'fedsvd', codebookBits: 2, period: 5 });
    const wider = withMethod({ ...fedlpp, settings: slower }, { ...chosen, codebookBits: 3 });
    expect(wider.settings).toMatchObject({ fedSvd: { period: 5 }, method: 'fedsvd' });
    expect(wider.settings.wire.download).toBe('codebook-3');
  });

  it('takes Laplace noise back where it would not hide what is protected', () => {
    const laplace = withMethod(draft, { name: 'zeroth-order', zerothOrder: { noise: 'laplace' } });
    expect(laplace.settings.zerothOrder?.noise).toBe('laplace');
    for (const changed of [withUnit(laplace, 'client'), withTarget(laplace, null)]) {
      expect(changed.settings.zerothOrder?.noise).toBe('gaussian');
      expect(isValid(changed)).toBe(true);
    }
  });
});
