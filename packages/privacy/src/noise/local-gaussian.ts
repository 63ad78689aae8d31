import type { SecureRandom } from '@roundtable/random';
import { requireGaussian, requireRange } from '../arguments.ts';
import { addGaussianNoise } from './gaussian-noise.ts';
import { requireFinite, type ReleaseMechanism } from './release.ts';

/** Relative slack on the clip for float32 norms and sums; the noise is made larger by it. */
export const CLIP_SLACK = 1e-5;

export interface LocalGaussianSettings {
  /** C > 0. */
  readonly clippingNorm: number;
  /** σ > 0; noise on the sum has standard deviation σ·C·(1 + {@link CLIP_SLACK}). */
  readonly noiseMultiplier: number;
  /** Poisson rate q in (0, 1] of the examples in each sum. */
  readonly samplingRate: number;
  readonly random: SecureRandom;
}

/**
 * Gaussian noise on the clipped sum of one step, drawn on the contributor's own machine.
 * @throws where the settings are out of range or the randomness is not cryptographic
 */
export function localGaussianMechanism(settings: LocalGaussianSettings): ReleaseMechanism {
  const { clippingNorm, noiseMultiplier, samplingRate, random } = settings;
  requireGaussian(samplingRate, noiseMultiplier);
  requireRange('samplingRate', samplingRate, samplingRate > 0, 'above 0');
  requireRange('noiseMultiplier', noiseMultiplier, noiseMultiplier > 0, 'above 0');
  const isPositive = clippingNorm > 0 && clippingNorm < Infinity;
  requireRange('clippingNorm', clippingNorm, isPositive, 'finite and above 0');
  const kind: string = random.kind;
  if (kind !== 'secure') throw new TypeError(`random must be secure, got ${kind}`);
  const noiseStddev = noiseMultiplier * clippingNorm * (1 + CLIP_SLACK);
  return {
    event: { kind: 'gaussian', samplingRate, noiseMultiplier },
    clippingNorm,
    release: (sum) => {
      requireFinite(sum);
      const noised = addGaussianNoise(sum, noiseStddev, random);
      requireFinite(noised);
      return noised;
    },
  };
}
