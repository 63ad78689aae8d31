import { requireGaussian, requireRange } from '../../arguments.ts';
import { atomLosses, discreteGaussianAtoms, discreteLaplaceAtoms } from './atom-losses.ts';
import { gaussianPair, laplacePair } from './loss-pair.ts';
import type { ReleaseLosses } from './loss-masses.ts';
import { sampledLosses } from './sampled-losses.ts';

/** Continuous noise on a sum over a Poisson sample. */
export interface SampledRelease {
  readonly kind: 'gaussian' | 'laplace';
  /** Poisson rate q in [0, 1]. */
  readonly samplingRate: number;
  /** Standard deviation (Laplace: scale) / sensitivity, finite and at least 0. */
  readonly noiseMultiplier: number;
  /** Number of releases, an integer ≥ 0. */
  readonly count: number;
}

/** Integer noise on one integer sum over all examples. */
export interface IntegerRelease {
  /** Probability ∝ e^(−|k|/scale) or ∝ e^(−k²/2·scale²). */
  readonly kind: 'discrete-laplace' | 'one-dimensional-discrete-gaussian';
  /** Above 0, at most 10,000. */
  readonly scale: number;
  /** An integer from 1 to 10,000. */
  readonly sensitivity: number;
  /** Number of releases, an integer ≥ 0. */
  readonly count: number;
}

/** A release whose loss distribution is known; neighbors add or remove one example. */
export type KnownRelease = SampledRelease | IntegerRelease;

// Outputs of integer noise are looked at one by one.
const LARGEST_INTEGER = 10_000;

/** Refuses a count, a rate or noise out of range. */
export function requireKnownRelease(release: KnownRelease): void {
  const { count } = release;
  requireRange('count', count, Number.isInteger(count) && count >= 0, 'an integer of at least 0');
  if ('samplingRate' in release) {
    requireGaussian(release.samplingRate, release.noiseMultiplier);
    return;
  }
  const { scale, sensitivity } = release;
  const bound = `above 0 and at most ${LARGEST_INTEGER}`;
  requireRange('scale', scale, scale > 0 && scale <= LARGEST_INTEGER, bound);
  const isInside =
    Number.isInteger(sensitivity) && sensitivity > 0 && sensitivity <= LARGEST_INTEGER;
  requireRange('sensitivity', sensitivity, isInside, `an integer ${bound}`);
}

/** What tells releases apart that are not of one distribution. */
export function releaseKey(release: KnownRelease): string {
  return 'samplingRate' in release
    ? `${release.kind}/${release.samplingRate}/${release.noiseMultiplier}`
    : `${release.kind}/${release.scale}/${release.sensitivity}`;
}

/** Loss distributions of one release on the grid of `step`, of at most `maxBins` points. */
export function lossesOf(release: KnownRelease, step: number, maxBins: number): ReleaseLosses {
  switch (release.kind) {
    case 'gaussian':
      return sampledLosses(
        gaussianPair(release.noiseMultiplier),
        release.samplingRate,
        step,
        maxBins,
      );
    case 'laplace':
      return sampledLosses(
        laplacePair(release.noiseMultiplier),
        release.samplingRate,
        step,
        maxBins,
      );
    case 'discrete-laplace': {
      const atoms = discreteLaplaceAtoms(1 / release.scale, release.sensitivity);
      return atomLosses(atoms, 0, step, maxBins);
    }
    case 'one-dimensional-discrete-gaussian': {
      const { atoms, infinityMass } = discreteGaussianAtoms(release.scale, release.sensitivity);
      return atomLosses(atoms, infinityMass, step, maxBins);
    }
  }
}
