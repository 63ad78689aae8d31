import type { ModuleCatalog } from '@roundtable/lora';
import { federationSettingsSchema } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import {
  settingsOf as settingsWith,
  startDraft,
  withBaseModel,
  withPeople,
  withPreset,
} from './draft.ts';
import type { Draft } from './draft.ts';
import { withUnit } from './method-draft.ts';
import { valueAt, withValueAt } from './paths.ts';

function catalog(names: readonly [string, string]): ModuleCatalog {
  const choice = { modules: [...names], layers: [-1] };
  return {
    modules: names.map((name) => ({
      module: `model.layers.0.${name}`,
      inFeatures: 64,
      outFeatures: 32,
      layer: 0,
    })),
    layers: 1,
    fanInFanOut: false,
    defaults: { papers: choice, fast: choice },
  };
}

const model = { id: 'tiny', sizeBytes: 1, catalog: catalog(['o_proj', 'down_proj']) };
const example = {
  name: 'Routing',
  purpose: 'Tests',
  task: {
    kind: 'classification' as const,
    template: '{text}\n→ {label}',
    labels: ['a', 'b'],
    maxTokens: 96,
  },
};
const ceilings = { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false };
const draft = startDraft(model, example, 'seed', ceilings);
const settingsOf = (of: Draft) => settingsWith(of, 4);

describe('the form for a new federation', () => {
  it('starts with settings that are valid as they stand', () => {
    expect(federationSettingsSchema.safeParse(settingsOf(draft)).error).toBeUndefined();
  });

  it('names the field where a number is missing instead of failing', () => {
    const holes = { ...draft, settings: { ...draft.settings, rounds: NaN } };
    const { error } = federationSettingsSchema.safeParse(settingsOf(holes));
    expect(error!.issues.map(({ path }) => path.join('.'))).toContain('rounds');
  });

  it('asks for labels of its own where the task is not the example', () => {
    const own = withPreset(draft, 'classification', example);
    const { error } = federationSettingsSchema.safeParse(settingsOf(own));
    expect(error!.issues.map(({ path }) => path.join('.')).sort()).toEqual(['name', 'task.labels']);
  });

  it('follows a base model whose modules have other names', () => {
    const gpt = { id: 'gpt', sizeBytes: 1, catalog: catalog(['attn.c_proj', 'mlp.c_proj']) };
    expect(withBaseModel(draft, gpt).settings.adapter.modules).toEqual([
      'attn.c_proj',
      'mlp.c_proj',
    ]);
  });

  it('lets half of the wanted people start a round', () => {
    expect(withPeople(draft, 9, ceilings).settings.cohort).toMatchObject({ minimum: 5, target: 9 });
  });

  it('starts within the ceilings of the organization', () => {
    const strict = { maxEpsilon: 2, minCohort: 8, isPrivacyRequired: true };
    const { privacyTarget, settings } = startDraft(model, example, 'seed', strict);
    expect(privacyTarget?.epsilon).toBe(2);
    expect(settings.cohort).toMatchObject({ minimum: 8, target: 8 });
    expect(withPeople(draft, 10, strict).settings.cohort.minimum).toBe(8);
  });

  it('learns at another rate where a whole person is the unit, whose steps are not clipped', () => {
    const client = withUnit(draft, 'client');
    expect(settingsOf(client).privacy?.privacyUnit).toBe('client');
    expect(client.settings.training.learningRate).toBe(1);
    expect(withUnit(client, 'example')).toEqual(draft);
  });
});

describe('paths', () => {
  it('read and replace one value and leave the rest alone', () => {
    const tree = { a: { b: 1, c: 2 }, d: [1] };
    const next = withValueAt(tree, 'a.b', 5);
    expect(valueAt(next, 'a.b')).toBe(5);
    expect(next).toEqual({ a: { b: 5, c: 2 }, d: [1] });
    expect(tree.a.b).toBe(1);
    expect(valueAt(tree, 'd.x.y')).toBeUndefined();
  });
});
