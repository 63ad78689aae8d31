import type { ReleaseEvent } from '../accounting/event.ts';
import { requireGaussian, requireRange } from '../arguments.ts';
import { roundedGaussianEvent, roundedLaplaceEvent } from '../noise/noise-kinds.ts';
import type { GridNoise } from '../noise/release-grid.ts';

/** The public settings that fix what one round releases. */
export interface ReleasePlanSettings {
  readonly privacyUnit: 'example' | 'client';
  /** Gaussian by default. */
  readonly noise?: GridNoise | undefined;
  /** C > 0, an L2 bound; an L1 bound for Laplace noise. */
  readonly clippingNorm: number;
  /** Noise standard deviation (Laplace: scale) / sensitivity, above 0. */
  readonly noiseMultiplier: number;
  /** Poisson rate q in (0, 1] of the examples at each local step. */
  readonly samplingRate: number;
  /** Local steps per round, an integer ≥ 1. */
  readonly localSteps: number;
  /** Coordinates of one release. */
  readonly length: number;
  /** Public cap on the examples of one step. */
  readonly exampleCap: number;
}

/** What a round declares to release: `count` times `event`. */
export interface PlannedRelease {
  readonly event: ReleaseEvent;
  readonly count: number;
}

function requireCount(name: string, value: number): void {
  requireRange(name, value, Number.isInteger(value) && value >= 1, 'an integer of at least 1');
}

/**
 * The releases of one round as its public settings declare them; client, hub and page all compute them here. With examples
 * as the unit every local step releases a sum of sampled contributions; with clients the whole update is released once, and
 * nothing hides who takes part (q = 1).
 * @throws RangeError where a setting is out of range, or has no grid
 */
export function plannedRelease(settings: ReleasePlanSettings): PlannedRelease {
  const { privacyUnit, clippingNorm, noiseMultiplier, localSteps, length } = settings;
  const isClient = privacyUnit === 'client';
  const samplingRate = isClient ? 1 : settings.samplingRate;
  requireGaussian(samplingRate, noiseMultiplier);
  requireRange('samplingRate', samplingRate, samplingRate > 0, 'above 0');
  requireRange('noiseMultiplier', noiseMultiplier, noiseMultiplier > 0, 'above 0');
  requireCount('localSteps', localSteps);
  requireCount('exampleCap', settings.exampleCap);
  const exampleCap = isClient ? 1 : settings.exampleCap;
  const grid = { clippingNorm, noiseMultiplier, length, exampleCap };
  const eventOf = settings.noise === 'laplace' ? roundedLaplaceEvent : roundedGaussianEvent;
  return {
    event: eventOf({ ...grid, samplingRate }),
    count: isClient ? 1 : localSteps,
  };
}
