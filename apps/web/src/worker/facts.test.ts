import type { AdapterSpec } from '@roundtable/lora';
import { hardCaps } from '@roundtable/participant';
import { exactGaussianEpsilon } from '@roundtable/privacy';
import { methodSettings } from '@roundtable/protocol';
import type {
  FederationManifest,
  FederationSettings,
  ZerothOrderSettings,
} from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../testing/settings.ts';
import { federationFacts, groupFigure } from './facts.ts';

const spec: AdapterSpec = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'seed',
  fanInFanOut: false,
  targets: [
    { module: 'model.layers.0.self_attn.o_proj', inFeatures: 32, outFeatures: 32, layer: 0 },
  ],
};
const clientLevel = routingLikeSettings({
  privacy: { ...routingLikeSettings().privacy!, privacyUnit: 'client' },
});
const hash = 'a'.repeat(64);
const manifest = (settings = routingLikeSettings()): FederationManifest => ({
  federationId: 'federation1',
  settings,
  baseModel: { id: 'tiny', files: [{ path: 'model.safetensors', bytes: 1_000, sha256: hash }] },
  operator: '',
  hubPublicKey: 'k'.repeat(87),
  ceilings: { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
  consentVersion: hash,
  phase: 'recruiting',
  completedRounds: 0,
  adapter: { sha256: hash, sizeBytes: 268, encoding: 'fp16', round: 0 },
});

const wider: AdapterSpec = {
  ...spec,
  targets: spec.targets.map((target) => ({ ...target, outFeatures: 320 })),
};
const zerothOrder = (
  change: Partial<FederationSettings> = {},
  chosen: Partial<ZerothOrderSettings> = {},
): FederationManifest => {
  const { download, ...method } = methodSettings({ name: 'zeroth-order', zerothOrder: chosen });
  const { wire } = routingLikeSettings();
  return manifest(
    routingLikeSettings({ ...method, wire: { ...wire, download: download! }, ...change }),
  );
};

describe('federationFacts', () => {
  it('counts B alone for FFA-LoRA, and the frame around its codes and scales', () => {
    // B is 32 × 4 = 128 codes of a byte, two blocks of 64 with a scale of 2 bytes each, 170 bytes of frame.
    expect(federationFacts(manifest(), spec)).toMatchObject({
      parameterCount: 128,
      updateBytes: 128 + 4 + 170,
      modelBytes: 1_000,
      adapterBytes: 268,
    });
  });

  it('states the exact Gaussian ε of one round and of all', () => {
    const facts = federationFacts(manifest(), spec);
    // The failures of rounding, 40 · 1e-12, move the sixth digit at most.
    expect(facts.epsilonRound).toBeCloseTo(exactGaussianEpsilon(4, 4, 1e-5), 5);
    expect(facts.epsilonTotal).toBeCloseTo(exactGaussianEpsilon(4, 40, 1e-5), 5);
  });

  it('claims nothing better for outsiders with several local steps', () => {
    const facts = federationFacts(manifest(), spec);
    expect(facts.epsilonOutsideTotal).toBe(facts.epsilonTotal);
    expect(facts.broadcastProof).toBe('several-steps');
  });

  it('claims nothing better for one local step either, as its update is coded block by block', () => {
    const { training } = routingLikeSettings();
    const oneStep = routingLikeSettings({ training: { ...training, localSteps: 1 } });
    const facts = federationFacts(manifest(oneStep), spec);
    expect(facts.epsilonOutsideTotal).toBe(facts.epsilonTotal);
    expect(facts.broadcastProof).toBe('nonlinear-upload');
  });

  it('proves a gain where a whole person is the unit: four others hide her', () => {
    const facts = federationFacts(manifest(clientLevel), spec);
    expect(facts.epsilonTotal).toBeCloseTo(exactGaussianEpsilon(4, 10, 1e-5), 5);
    expect(facts.epsilonOutsideTotal).toBeCloseTo(exactGaussianEpsilon(8, 10, 1e-5), 5);
    expect(facts.broadcastProof).toBe('proven');
  });

  it('counts the bytes of grid integers where a whole person is the unit', () => {
    const facts = federationFacts(manifest(clientLevel), spec);
    expect([16, 24, 32]).toContain(facts.uploadBits);
    expect(facts.updateBytes).toBe((128 * facts.uploadBits) / 8 + 170);
  });

  it('states what holds for several examples that say the same, and the caps of this page', () => {
    const facts = federationFacts(manifest(), spec);
    expect(facts.groups.map(({ k }) => k)).toEqual([2, 5, 10]);
    expect(facts.groups[0]?.epsilon).toBeCloseTo(exactGaussianEpsilon(2, 40, 1e-5), 4);
    expect(facts.caps).toEqual(hardCaps);
    expect(groupFigure(routingLikeSettings(), spec, 1)).toBeNull();
    expect(federationFacts(manifest(clientLevel), spec).groups).toEqual([]);
  });

  it('has no ε where there is no differential privacy', () => {
    const facts = federationFacts(manifest(routingLikeSettings({ privacy: null })), spec);
    expect([facts.epsilonRound, facts.epsilonOutsideTotal]).toEqual([null, null]);
    expect([facts.broadcastProof, facts.groups]).toEqual([null, []]);
  });
});

describe('federationFacts of the zeroth order', () => {
  it('count scalars, 4 steps of 16 directions, whatever the size of the adapter', () => {
    const facts = federationFacts(zerothOrder(), spec);
    expect(facts.parameterCount).toBe(64);
    expect(facts.updateBytes).toBe(170 + (64 * facts.uploadBits) / 8);
    // A record: 104 bytes and 4 for each scalar.
    expect(facts.adapterBytes).toBe(104 + 4 * 64);
    const { parameterCount, updateBytes, adapterBytes } = facts;
    expect(federationFacts(zerothOrder(), wider)).toMatchObject({
      parameterCount,
      updateBytes,
      adapterBytes,
    });
  });

  it('state the exact Gaussian ε of a release for each step', () => {
    const facts = federationFacts(zerothOrder(), spec);
    expect(facts.epsilonRound).toBeCloseTo(exactGaussianEpsilon(4, 4, 1e-5), 5);
    expect(facts.epsilonTotal).toBeCloseTo(exactGaussianEpsilon(4, 40, 1e-5), 5);
    expect(facts.broadcastProof).toBe('several-steps');
  });

  it('state that of one release a round with a whole person as the unit, and that four others hide her', () => {
    const facts = federationFacts(zerothOrder({ privacy: clientLevel.privacy }), spec);
    expect(facts.epsilonTotal).toBeCloseTo(exactGaussianEpsilon(4, 10, 1e-5), 5);
    expect(facts.epsilonOutsideTotal).toBeCloseTo(exactGaussianEpsilon(8, 10, 1e-5), 5);
  });

  it('prove nothing better for outsiders from sums of Laplace noise, where Gaussian noise allows it', () => {
    const training = { ...routingLikeSettings().training, localSteps: 1 };
    expect(federationFacts(zerothOrder({ training }), spec).broadcastProof).toBe('proven');
    const laplace = federationFacts(zerothOrder({ training }, { noise: 'laplace' }), spec);
    expect(laplace.broadcastProof).toBe('other-noise');
    expect(laplace.epsilonOutsideTotal).toBe(laplace.epsilonTotal);
  });
});
