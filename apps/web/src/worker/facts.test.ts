import type { AdapterSpec } from '@roundtable/lora';
import { exactGaussianEpsilon } from '@roundtable/privacy';
import type { FederationManifest } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../testing/settings.ts';
import { federationFacts, outsideNoiseMultiplier } from './facts.ts';

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
const hash = 'a'.repeat(64);
const manifest = (settings = routingLikeSettings()): FederationManifest => ({
  federationId: 'federation1',
  settings,
  baseModel: { id: 'tiny', files: [{ path: 'model.safetensors', bytes: 1_000, sha256: hash }] },
  operator: '',
  consentVersion: hash,
  phase: 'recruiting',
  completedRounds: 0,
  adapter: { sha256: hash, sizeBytes: 268, encoding: 'fp16', round: 0 },
});

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
    expect(facts.epsilonRound).toBeCloseTo(exactGaussianEpsilon(4, 4, 1e-5), 10);
    expect(facts.epsilonTotal).toBeCloseTo(exactGaussianEpsilon(4, 40, 1e-5), 10);
  });

  it('claims nothing better for outsiders with several local steps', () => {
    const facts = federationFacts(manifest(), spec);
    expect(facts.epsilonOutsideTotal).toBe(facts.epsilonTotal);
  });

  it('has no ε where there is no differential privacy', () => {
    const facts = federationFacts(manifest(routingLikeSettings({ privacy: null })), spec);
    expect([facts.epsilonRound, facts.epsilonOutsideTotal]).toEqual([null, null]);
  });
});

describe('outsideNoiseMultiplier', () => {
  it('grows by the root of the other clients in the smallest round with one local step', () => {
    const { training } = routingLikeSettings();
    const settings = routingLikeSettings({ training: { ...training, localSteps: 1 } });
    // Smallest round: ⌈5 · 0.8⌉ = 4 clients, of whom the reader may be one: σ·√3.
    expect(outsideNoiseMultiplier(settings)).toBeCloseTo(4 * Math.sqrt(3), 12);
  });
});
