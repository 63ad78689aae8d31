import type { AdapterSpec } from '@roundtable/lora';
import { initialWeights } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import type { FederationSettings, MethodChoice } from '@roundtable/protocol';
import { methodSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../../testing/federation.ts';
import { routingLikeSettings } from '../../../testing/settings.ts';
import { settingsOf } from './draft.ts';
import { draftOf } from './source-draft.ts';
import { startFault } from './start-from.ts';

const modules = ['o_proj', 'down_proj'];
function specOf({ adapter }: FederationSettings): AdapterSpec {
  const targets = modules.map((name) => ({
    ...{ inFeatures: 16, outFeatures: 8, layer: 0 },
    module: `model.layers.0.${name}`,
  }));
  const { rank, alpha, aInit, aSeed } = adapter;
  return { rank, alpha, aInit, aSeed, targets, fanInFanOut: false };
}
function settingsWith(choice: MethodChoice): FederationSettings {
  const base = routingLikeSettings();
  const { download, ...method } = methodSettings(choice);
  return { ...base, ...method, wire: { ...base.wire, download: download ?? base.wire.download } };
}
const movesA: MethodChoice = {
  name: 'zeroth-order',
  zerothOrder: { weights: ['model.layers.0.o_proj.lora_A'] },
};
const choices: MethodChoice[] = [
  { name: 'ffa-lora' },
  { name: 'lora' },
  { name: 'fedsvd' },
  { name: 'fedlpp' },
  { name: 'fedlpp', baseMethod: 'fedsvd' },
  { name: 'zeroth-order' },
  movesA,
];
const pairs = choices.flatMap((from) => choices.map((to) => [from, to] as const));

/** Whether the method itself begins with weights whose A has left the seed's exactly where `from` moves A. */
async function begins(from: FederationSettings, to: FederationSettings): Promise<boolean> {
  const spec = specOf(to);
  const start = initialWeights(spec);
  const source = federatedMethod({ settings: from, spec, federationId: 'federation-1' });
  if (source.variant.broadcastParts.includes('A')) start.loraA[0]![0]! += 1;
  try {
    await federatedMethod({ settings: to, spec, federationId: 'federation-2' }).firstState(start);
    return true;
  } catch {
    return false;
  }
}

describe('startFault', () => {
  it.each(pairs)('agrees with the methods themselves: %j, then %j', async (from, to) => {
    const [source, wanted] = [settingsWith(from), settingsWith(to)];
    const fault = startFault({ settings: source, adapter: adapterOf(3) }, wanted, specOf);
    expect(fault === null).toBe(await begins(source, wanted));
  });

  it('has nothing against a start where nothing has moved yet', () => {
    const source = { settings: settingsWith({ name: 'lora' }), adapter: adapterOf(0) };
    expect(startFault(source, settingsWith({ name: 'ffa-lora' }), specOf)).toBeNull();
  });

  it('names another base model and another adapter', () => {
    const settings = settingsWith({ name: 'lora' });
    const source = { settings, adapter: adapterOf(3) };
    expect(startFault(source, { ...settings, baseModelId: 'other' }, specOf)).toBe('base-model');
    for (const changes of [{ rank: 2 }, { alpha: 1 }, { aSeed: 'x' }, { aInit: 'kaiming' }]) {
      const adapter = { ...settings.adapter, ...changes } as FederationSettings['adapter'];
      expect(startFault(source, { ...settings, adapter }, specOf)).toBe('adapter');
    }
  });
});

describe('draftOf', () => {
  const example = { kind: 'generation', template: '{prompt}{response}', maxTokens: 64 } as const;

  it.each(choices)('means the settings that it was made of: %j', (choice) => {
    const settings = settingsWith(choice);
    expect(settingsOf(draftOf(settings, example), settings.privacy!.noiseMultiplier)).toEqual(
      settings,
    );
  });

  it('knows the example task again, and the kind of any other', () => {
    const settings = settingsWith({ name: 'lora' });
    expect(draftOf(settings, settings.task).preset).toBe('inquiries');
    expect(draftOf(settings, example).preset).toBe('classification');
    expect(draftOf({ ...settings, privacy: null }, example).privacyTarget).toBeNull();
  });
});
