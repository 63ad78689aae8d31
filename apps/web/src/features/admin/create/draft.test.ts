import type { ModuleCatalog } from '@roundtable/lora';
import { exactGaussianEpsilon } from '@roundtable/privacy';
import { federationSettingsSchema } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { costOf } from './cost.ts';
import { settingsOf, startDraft, withBaseModel, withPeople, withPreset } from './draft.ts';
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
const draft = startDraft(model, example, 'seed');

describe('the form for a new federation', () => {
  it('starts with settings that are valid as they stand', () => {
    expect(federationSettingsSchema.safeParse(settingsOf(draft)).error).toBeUndefined();
  });

  it('calibrates σ so that all rounds fit into ε, by the exact Gaussian formula', () => {
    const { noiseMultiplier, delta } = settingsOf(draft).privacy!;
    const steps = 10 * 4;
    const spent = exactGaussianEpsilon(noiseMultiplier, steps, delta);
    expect(spent).toBeLessThanOrEqual(8);
    expect(spent).toBeGreaterThan(7.99);
  });

  it('needs more noise for more rounds', () => {
    const longer = { ...draft, settings: { ...draft.settings, rounds: 40 } };
    const sigma = settingsOf(draft).privacy!.noiseMultiplier;
    expect(settingsOf(longer).privacy!.noiseMultiplier).toBeGreaterThan(sigma);
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
    expect(withPeople(draft, 9).settings.cohort).toMatchObject({ minimum: 5, target: 9 });
  });
});

describe('costOf', () => {
  it('counts what one participant sends: B only, one byte each, scales and frame', () => {
    const cost = costOf(settingsOf(draft), model);
    const parameters = 2 * 32 * 64;
    const scales = 2 * Math.ceil(parameters / 64);
    expect(cost.parameters).toBe(parameters);
    expect(cost.bytesUpPerRound).toBe(parameters + scales + 170);
    expect(cost.epsilonFirstRound!).toBeLessThan(cost.epsilonTotal!);
  });

  it('has no ε without differential privacy', () => {
    expect(costOf(settingsOf({ ...draft, privacyTarget: null }), model).epsilonTotal).toBeNull();
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
