import type { FederationSettings } from '@roundtable/protocol';

/** Labels of the crowd's generated inquiries. */
export const departments = [
  'account',
  'billing',
  'careers',
  'delivery',
  'environment',
  'installation',
  'loyalty',
  'maintenance',
  'parts',
  'returns',
  'sales',
  'wholesale',
];

/** A federation whose round takes a software GPU a second or two: 128 numbers, two steps, short texts, no noise. */
export function tinySettings(baseModelId: string): FederationSettings {
  return {
    name: 'Inquiries',
    purpose: 'Send each inquiry to the right department.',
    baseModelId,
    method: 'ffa-lora',
    task: {
      kind: 'classification',
      template: '{text} {label}',
      labels: departments,
      maxTokens: 16,
    },
    adapter: {
      rank: 2,
      alpha: 4,
      modules: ['o_proj', 'down_proj'],
      layers: [-1],
      aInit: 'orthonormal',
      aSeed: 'e2e',
    },
    training: {
      localSteps: 2,
      learningRate: 1,
      finalLearningRateFactor: 1,
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: 12,
      maxExamplesPerStep: 24,
    },
    privacy: null,
    cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 120, minimumFraction: 0.5 },
    wire: { uploadBits: 8, uploadBlockSize: 16, download: 'fp16' },
    rounds: 3,
    isDemo: false,
  };
}

/** ε of two steps a round at q = 1 stays under 8 for six rounds. */
export const tinyPrivacy = {
  privacyUnit: 'example',
  neighboringRelation: 'add-or-remove-one',
  epsilonBudget: 8,
  delta: 1e-5,
  clippingNorm: 1,
  noiseMultiplier: 4,
} as const satisfies NonNullable<FederationSettings['privacy']>;
