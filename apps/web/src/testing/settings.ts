import type { FederationSettings } from '@roundtable/protocol';

/** Settings of a small classification federation, as a hub would announce them. */
export function routingLikeSettings(changes: Partial<FederationSettings> = {}): FederationSettings {
  return {
    name: 'Routing',
    purpose: 'Sends inquiries to the right department.',
    baseModelId: 'tiny',
    method: 'ffa-lora',
    task: {
      kind: 'classification',
      template: '{text}\n→ {label}',
      labels: ['billing', 'repair'],
      maxTokens: 64,
    },
    adapter: {
      rank: 4,
      alpha: 8,
      modules: ['o_proj', 'down_proj'],
      layers: [-1],
      aInit: 'orthonormal',
      aSeed: 'seed',
    },
    training: {
      localSteps: 4,
      learningRate: 1,
      finalLearningRateFactor: 0.2,
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: 100,
      maxExamplesPerStep: 1_000,
    },
    privacy: {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: 8,
      delta: 1e-5,
      clippingNorm: 1,
      noiseMultiplier: 4,
    },
    cohort: { minimum: 5, target: 5, overSelection: 1, deadlineSeconds: 60, minimumFraction: 0.8 },
    wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
    rounds: 10,
    isDemo: true,
    ...changes,
  };
}
