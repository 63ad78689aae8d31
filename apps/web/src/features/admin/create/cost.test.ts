import { federatedMethod, uploadFormat } from '@roundtable/methods';
import type { FederationSettings, MethodChoiceName } from '@roundtable/protocol';
import { methodChoices, methodSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../../testing/settings.ts';
import { costOf } from './cost.ts';

const spec = {
  ...({ rank: 4, alpha: 8, aInit: 'orthonormal', aSeed: 'seed', fanInFanOut: false } as const),
  targets: [
    { module: 'model.layers.0.o_proj', inFeatures: 64, outFeatures: 32, layer: 0 },
    { module: 'model.layers.0.down_proj', inFeatures: 48, outFeatures: 32, layer: 0 },
  ],
};

function settingsOf(name: MethodChoiceName): FederationSettings {
  const base = routingLikeSettings();
  const { download, ...method } = methodSettings({ name });
  return { ...base, ...method, wire: { ...base.wire, download: download ?? base.wire.download } };
}

describe('costOf', () => {
  it('counts what one participant sends: B only, one byte each, scales and frame', () => {
    const { parameters, bytesUpPerRound } = costOf(settingsOf('ffa-lora'), spec);
    expect(parameters).toBe(2 * 32 * 4);
    expect(bytesUpPerRound).toBe(parameters + 2 * Math.ceil(parameters / 64) + 170);
  });

  it('counts a client’s whole update in integers of its grid: three bytes each here', () => {
    const settings = settingsOf('ffa-lora');
    const privacy = { ...settings.privacy!, privacyUnit: 'client' } as const;
    expect(costOf({ ...settings, privacy }, spec).bytesUpPerRound).toBe(3 * 256 + 170);
  });

  it.each(methodChoices)('sends what the upload format of %s says', (name) => {
    const settings = settingsOf(name);
    const { length, frameBytes } = uploadFormat(settings, spec);
    const { parameters, bytesUpPerRound } = costOf(settings, spec);
    expect([parameters, bytesUpPerRound]).toEqual([length, frameBytes]);
  });

  it.each(methodChoices)('fetches what the hub of %s publishes after a round', async (name) => {
    const settings = settingsOf(name);
    const method = federatedMethod({ settings, spec, federationId: 'federation-1' });
    const { weights } = await method.firstState();
    const published = { sha256: '0'.repeat(64), sizeBytes: 1, round: 0 };
    const mean = new Float64Array(method.uploadLength()).fill(0.5);
    const outcome = { round: 1, completedRounds: 0, learningRate: 0.1, mean };
    const { file } = await method.nextState({ weights, published }, outcome, () =>
      Promise.resolve(weights),
    );
    expect(costOf(settings, spec).bytesDownPerRound).toBe(file.length);
  });

  it('does not grow with the model where only scalars travel', () => {
    const settings = settingsOf('zeroth-order');
    const wider = {
      ...spec,
      targets: spec.targets.map((target) => ({ ...target, outFeatures: 512 })),
    };
    expect(costOf(settings, wider)).toEqual(costOf(settings, spec));
    expect(costOf(settings, spec).parameters).toBe(4 * 16);
  });
});
