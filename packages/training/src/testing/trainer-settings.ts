import { adapterVariant, flatten } from '@roundtable/lora';
import { unprotectedRelease, type ReleaseMechanism } from '@roundtable/privacy';
import { seededGaussianMechanism } from '@roundtable/privacy/testing';
import { secureRandom, seededRandom } from '@roundtable/random';
import type { LocalTrainerSettings } from '../trainer-settings.ts';
import { tinyTask, type TinyTraining } from './tiny-training.ts';

/** Full batches of SGD without protection. */
export const plain: LocalTrainerSettings = {
  task: tinyTask,
  variant: adapterVariant('ffa-lora'),
  training: { optimizer: 'sgd', samplingRate: 1, batchDivisor: 6, maxExamplesPerStep: 64 },
  privacyUnit: 'example',
  clippingNorm: null,
  release: unprotectedRelease(),
  learningRate: 0.5,
  random: secureRandom(),
};

/** Clipping without noise, to see the step's arithmetic. */
export const clippingOnly = (clippingNorm: number): ReleaseMechanism => ({
  ...unprotectedRelease(),
  clippingNorm,
});

/** Length of the released vector where B is trained. */
export const lengthOf = ({ weights }: TinyTraining): number => flatten(weights, ['B']).length;

/** Repeatable noise for contributions clipped to 0.5, at most 64 of them. */
export const noisy = (tiny: TinyTraining, seed: string, samplingRate: number): ReleaseMechanism =>
  seededGaussianMechanism({
    clippingNorm: 0.5,
    noiseMultiplier: 1,
    samplingRate,
    length: lengthOf(tiny),
    exampleCap: 64,
    random: seededRandom(seed),
  });
