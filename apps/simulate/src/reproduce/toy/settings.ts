import type { FederationSettings } from '@roundtable/protocol';
import { BATCH_DIVISOR, LOCAL_STEPS, SAMPLING_RATE } from './first-order.ts';
import { CLASSES } from './world.ts';

/** The toy as the product would be told of it; a run says what differs. Task and cohort mean nothing here. */
export function toySettings(
  own: Partial<FederationSettings> & Pick<FederationSettings, 'method'>,
): FederationSettings {
  return {
    name: 'toy',
    purpose: '',
    baseModelId: 'toy',
    task: {
      kind: 'classification',
      template: '{text} {label}',
      labels: Array.from({ length: CLASSES }, (_, i) => String(i)),
      maxTokens: 8,
    },
    adapter: {
      rank: 4,
      alpha: 4,
      modules: ['toy'],
      layers: 'all',
      aInit: 'orthonormal',
      aSeed: 'toy',
    },
    training: {
      localSteps: LOCAL_STEPS,
      learningRate: 0.1,
      finalLearningRateFactor: 1,
      optimizer: 'sgd',
      samplingRate: SAMPLING_RATE,
      batchDivisor: BATCH_DIVISOR,
      maxExamplesPerStep: 400,
    },
    privacy: null,
    cohort: { minimum: 1, target: 3, overSelection: 1, deadlineSeconds: 60, minimumFraction: 0.5 },
    wire: { uploadBits: 8, uploadBlockSize: 64, download: 'fp16' },
    rounds: 20,
    isDemo: false,
    ...own,
  };
}
