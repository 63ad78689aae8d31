import type { ReleaseEvent } from '../accounting/event.ts';
import { discreteGaussianTable } from './discrete-gaussian-table.ts';
import { gaussianReach, TAIL_PROBABILITY, tableFailure, type NoiseTable } from './noise-table.ts';
import {
  releaseGrid,
  ROUNDING_FAILURE,
  type MechanismSettings,
  type ReleaseGrid,
} from './release-grid.ts';
import { roundedGaussianTable } from './rounded-gaussian-table.ts';
import { skellamTable } from './skellam-table.ts';

/** What tells one kind of integer noise from another. */
export interface NoiseKind {
  /** The noise whose standard deviation (of the Gaussian before rounding, where it is rounded) is the grid's. */
  table(grid: ReleaseGrid): NoiseTable;
  /** What one release costs. */
  event(grid: ReleaseGrid, settings: MechanismSettings, samplerFailure: number): ReleaseEvent;
}

const costOf = (
  { noiseMultiplier, samplingRate }: MechanismSettings,
  samplerFailure: number,
): {
  samplingRate: number;
  noiseMultiplier: number;
  roundingFailure: number;
  samplerFailure: number;
} => ({ samplingRate, noiseMultiplier, roundingFailure: ROUNDING_FAILURE, samplerFailure });

/**
 * What one release of {@link roundedGaussian} noise costs, known from public settings alone: hub, page and contributor
 * compute the same.
 * @throws RangeError as {@link releaseGrid} does
 */
export function roundedGaussianEvent(settings: MechanismSettings): ReleaseEvent {
  const { noiseStddev } = releaseGrid(settings);
  const failure = settings.length * tableFailure(gaussianReach(noiseStddev), TAIL_PROBABILITY);
  return { kind: 'gaussian', ...costOf(settings, failure) };
}

/** On a grid, rounded Gaussian noise is Gaussian noise rounded afterwards: the exact Gaussian accounting holds. */
export const roundedGaussian: NoiseKind = {
  table: ({ noiseStddev }) => roundedGaussianTable(noiseStddev),
  event: (_, settings, failure) => ({ kind: 'gaussian', ...costOf(settings, failure) }),
};

/** Discrete Gaussian noise: zero-concentrated privacy D₂²/(2σ²) (Canonne, Kamath and Steinke 2020, theorem 4). */
export const discreteGaussian: NoiseKind = {
  table: ({ noiseStddev }) => discreteGaussianTable(noiseStddev),
  event: (_, settings, failure) => ({ kind: 'discrete-gaussian', ...costOf(settings, failure) }),
};

/** D₁ of integers of L2 norm ≤ D₂ in d coordinates: each is at most its own square. */
const l1Sensitivity = ({ sensitivity }: ReleaseGrid, length: number): number =>
  sensitivity * Math.min(Math.sqrt(length), sensitivity);

/** Skellam noise (Agarwal, Kairouz and Liu 2021, arXiv 2110.04995). */
export const skellam: NoiseKind = {
  table: ({ noiseStddev }) => skellamTable(noiseStddev ** 2),
  event: (grid, settings, failure) => ({
    kind: 'skellam',
    ...costOf(settings, failure),
    l2Sensitivity: grid.sensitivity,
    l1Sensitivity: l1Sensitivity(grid, settings.length),
  }),
};
