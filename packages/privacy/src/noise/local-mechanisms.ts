import type { SecureRandom } from '@roundtable/random';
import { integerMechanism } from './integer-mechanism.ts';
import { discreteGaussian, roundedGaussian, roundedLaplace, skellam } from './noise-kinds.ts';
import type { MechanismSettings } from './release-grid.ts';
import type { ReleaseMechanism } from './release.ts';

/** Settings of noise that is drawn on the contributor's own machine. */
export interface LocalMechanismSettings extends MechanismSettings {
  readonly random: SecureRandom;
}

function secure({ random }: LocalMechanismSettings): SecureRandom {
  const kind: string = random.kind;
  if (kind !== 'secure') throw new TypeError(`random must be secure, got ${kind}`);
  return random;
}

/**
 * Rounded Gaussian noise on a public grid: the default. Its event is that of a continuous Gaussian.
 * @throws where the settings are out of range or the randomness is not cryptographic
 */
export function localGaussianMechanism(settings: LocalMechanismSettings): ReleaseMechanism {
  return integerMechanism(roundedGaussian, settings, secure(settings));
}

/**
 * Rounded Laplace noise on a public grid: contributions are clipped in L1, and `noiseMultiplier` is scale / sensitivity.
 * Its event is that of continuous Laplace noise, pure ε = 1/z a release but for the sampler's failure.
 * @throws where the settings are out of range or the randomness is not cryptographic
 */
export function localLaplaceMechanism(settings: LocalMechanismSettings): ReleaseMechanism {
  return integerMechanism(roundedLaplace, settings, secure(settings));
}

/** The Gaussian mechanism with discrete Gaussian noise. */
export function localDiscreteGaussianMechanism(settings: LocalMechanismSettings): ReleaseMechanism {
  return integerMechanism(discreteGaussian, settings, secure(settings));
}

/** The same with Skellam noise, whose sums are Skellam noise again. */
export function localSkellamMechanism(settings: LocalMechanismSettings): ReleaseMechanism {
  return integerMechanism(skellam, settings, secure(settings));
}
