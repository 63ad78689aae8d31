import type { SeededRandom } from '@roundtable/random';
import { integerMechanism } from '../noise/integer-mechanism.ts';
import {
  discreteGaussian,
  roundedGaussian,
  roundedLaplace,
  skellam,
} from '../noise/noise-kinds.ts';
import type { MechanismSettings } from '../noise/release-grid.ts';
import type { ReleaseMechanism } from '../noise/release.ts';

export interface SeededMechanismSettings extends MechanismSettings {
  readonly random: SeededRandom;
}

/** The local Gaussian mechanism with reproducible noise: for tests, never for a contributor. */
export function seededGaussianMechanism(settings: SeededMechanismSettings): ReleaseMechanism {
  return integerMechanism(roundedGaussian, settings, settings.random);
}

/** The local Laplace mechanism with reproducible noise. */
export function seededLaplaceMechanism(settings: SeededMechanismSettings): ReleaseMechanism {
  return integerMechanism(roundedLaplace, settings, settings.random);
}

/** The local discrete Gaussian mechanism with reproducible noise. */
export function seededDiscreteGaussianMechanism(
  settings: SeededMechanismSettings,
): ReleaseMechanism {
  return integerMechanism(discreteGaussian, settings, settings.random);
}

/** The local Skellam mechanism with reproducible noise. */
export function seededSkellamMechanism(settings: SeededMechanismSettings): ReleaseMechanism {
  return integerMechanism(skellam, settings, settings.random);
}
