import type { ModuleCatalog } from '@roundtable/lora';
import { plannedRound, uploadFormat } from '@roundtable/methods';
import { plannedRelease } from '@roundtable/privacy';
import { methodChoices } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { settingsOf, startDraft } from '../create/draft.ts';
import { withMethod, withUnit } from '../create/method-draft.ts';
import { costWith, methodRows } from './method-rows.ts';

const choice = { modules: ['o_proj', 'down_proj'], layers: [-1] };
const target = { inFeatures: 128, outFeatures: 128, layer: 0 };
const catalog: ModuleCatalog = {
  modules: choice.modules.map((name) => ({ ...target, module: `model.layers.0.${name}` })),
  layers: 1,
  fanInFanOut: false,
  defaults: { papers: choice, fast: choice },
};
const model = { id: 'tiny', sizeBytes: 1, catalog };
const task = { kind: 'generation', template: '{prompt}\n{response}', maxTokens: 64 } as const;
const start = startDraft(model, { name: 'n', purpose: '', task }, 'seed', {
  ...{ maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
});
const drafts = [start, withUnit(start, 'client'), withMethod(start, { name: 'fedsvd' })];

describe('methodRows', () => {
  it('has one row for every method and marks the chosen one', () => {
    const rows = methodRows(drafts[2]!, model);
    expect(rows.map(({ name }) => name)).toEqual([...methodChoices]);
    expect(rows.filter(({ isChosen }) => isChosen).map(({ name }) => name)).toEqual(['fedsvd']);
    expect(rows.find(({ name }) => name === 'fedlpp')?.settings?.method).toBe('fedsvd');
  });

  it.each(drafts)('declares the releases and frames of the method itself (%#)', (draft) => {
    for (const row of methodRows(draft, model)) {
      if (typeof row.fit !== 'object' || !row.fit) throw new Error(String(row.fit));
      const { spec, plan } = row.fit;
      const settings = settingsOf(row.draft, 3);
      expect(plannedRelease({ ...plan!.release, noiseMultiplier: 3 })).toEqual(
        plannedRound(settings, spec),
      );
      expect(costWith(row, 3)?.bytesUpPerRound).toBe(uploadFormat(settings, spec).frameBytes);
    }
  });

  it('has no figures while the settings are not valid', () => {
    const broken = { ...start, settings: { ...start.settings, rounds: NaN } };
    expect(methodRows(broken, model).map(({ fit }) => fit)).toEqual(methodChoices.map(() => null));
  });

  it('says in words what the base model does not allow', () => {
    const adapter = { ...start.settings.adapter, modules: ['absent'] };
    const rows = methodRows({ ...start, settings: { ...start.settings, adapter } }, model);
    for (const { fit } of rows) expect(fit).toMatch(/absent is not in this base model/);
  });

  it('says of a method alone what it cannot train here', () => {
    // B of one target with 2^22 rows and rank 16 has 2^26 numbers, of which 2^28 / 2^26 = 4 directions fit.
    const wide = catalog.modules.map((one) => ({ ...one, outFeatures: 2 ** 22 }));
    const adapter = { ...start.settings.adapter, rank: 16, modules: ['o_proj'] };
    const draft = { ...start, settings: { ...start.settings, adapter } };
    const rows = methodRows(draft, { ...model, catalog: { ...catalog, modules: wide } });
    for (const { name, fit } of rows) {
      if (name === 'zeroth-order') expect(fit).toContain('zerothOrder.directions must be ≤ 4 for');
      else expect(fit).toBeTypeOf('object');
    }
  });
});
