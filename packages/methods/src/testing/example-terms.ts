import type { AdapterSpec } from '@roundtable/lora';
import { federationSettingsSchema, methodSettings } from '@roundtable/protocol';
import type { FederationSettings, MethodChoice } from '@roundtable/protocol';
import type { MethodTerms } from '../method.ts';

/** Two targets of different sizes, 80 numbers in B and 128 in A. */
export const exampleSpec: AdapterSpec = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'acceptance',
  targets: [
    { module: 'layers.0.o_proj', inFeatures: 12, outFeatures: 10, layer: 0 },
    { module: 'layers.0.down_proj', inFeatures: 20, outFeatures: 10, layer: 0 },
  ],
  fanInFanOut: false,
};

/** What differs from the example federation. */
export interface TermChanges {
  readonly privacyUnit?: 'example' | 'client' | null;
  readonly spec?: AdapterSpec;
  readonly training?: Partial<FederationSettings['training']>;
  readonly wire?: Partial<FederationSettings['wire']>;
}

/** Valid terms of a small federation of the chosen method, with examples protected unless said otherwise. */
export function exampleTerms(choice: MethodChoice, changes: TermChanges = {}): MethodTerms {
  const { privacyUnit = 'example', spec = exampleSpec, training, wire } = changes;
  const { download = 'fp16', ...method } = methodSettings(choice);
  const { rank, alpha, aInit, aSeed } = spec;
  const settings = federationSettingsSchema.parse({
    name: 'Acceptance',
    purpose: '',
    baseModelId: 'none',
    ...method,
    task: { kind: 'classification', template: '{text} {label}', labels: ['a', 'b'], maxTokens: 8 },
    adapter: { rank, alpha, modules: ['o_proj', 'down_proj'], layers: 'all', aInit, aSeed },
    training: {
      localSteps: 3,
      learningRate: 0.25,
      finalLearningRateFactor: 0.2,
      optimizer: 'sgd',
      samplingRate: 0.5,
      batchDivisor: 12,
      maxExamplesPerStep: 40,
      ...training,
    },
    privacy: privacyUnit && {
      privacyUnit,
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: 8,
      delta: 1e-5,
      clippingNorm: 1,
      noiseMultiplier: 2,
    },
    cohort: { minimum: 2, target: 3, overSelection: 1, deadlineSeconds: 60, minimumFraction: 0.5 },
    wire: { uploadBits: 8, uploadBlockSize: 64, download, ...wire },
    rounds: 9,
    isDemo: true,
  });
  return { settings, spec, federationId: 'federation-1' };
}
