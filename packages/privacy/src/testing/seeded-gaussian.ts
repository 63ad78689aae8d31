import type { SeededRandom } from '@roundtable/random';
import { addGaussianNoise } from '../noise/gaussian-noise.ts';
import { CLIP_SLACK, type LocalGaussianSettings } from '../noise/local-gaussian.ts';
import type { ReleaseMechanism } from '../noise/release.ts';

/** The local Gaussian mechanism with reproducible noise: for tests and for simulation studies, never for a contributor. */
export function seededGaussianMechanism(
  settings: Omit<LocalGaussianSettings, 'random'> & { readonly random: SeededRandom },
): ReleaseMechanism {
  const { clippingNorm, noiseMultiplier, samplingRate, random } = settings;
  return {
    event: { kind: 'gaussian', samplingRate, noiseMultiplier },
    clippingNorm,
    release: (sum) =>
      addGaussianNoise(sum, noiseMultiplier * clippingNorm * (1 + CLIP_SLACK), random),
  };
}
