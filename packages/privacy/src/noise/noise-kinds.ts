import type { ReleaseEvent } from '../accounting/event.ts';
import { discreteGaussianTable } from './discrete-gaussian-table.ts';
import {
  gaussianReach,
  LAPLACE_TAIL_PROBABILITY,
  laplaceReach,
  TAIL_PROBABILITY,
  tableFailure,
  type NoiseTable,
} from './noise-table.ts';
import {
  releaseGrid,
  ROUNDING_FAILURE,
  type GridNoise,
  type MechanismSettings,
  type ReleaseGrid,
} from './release-grid.ts';
import { roundedGaussianTable } from './rounded-gaussian-table.ts';
import { roundedLaplaceTable } from './rounded-laplace-table.ts';
import { skellamTable } from './skellam-table.ts';

/** What tells one kind of integer noise from another. */
export interface NoiseKind {
  /** Whose grid and whose norm it takes. */
  readonly noise: GridNoise;
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

/**
 * What one release of {@link roundedLaplace} noise costs, from public settings alone: pure ε = 1/z but for the sampler,
 * since the bound on the rounded sums' L1 distance never fails.
 * @throws RangeError as {@link releaseGrid} does
 */
export function roundedLaplaceEvent(settings: MechanismSettings): ReleaseEvent {
  const { noiseScale } = releaseGrid({ ...settings, noise: 'laplace' });
  const perDraw = tableFailure(laplaceReach(noiseScale), LAPLACE_TAIL_PROBABILITY);
  return laplaceEvent(settings, settings.length * perDraw);
}

const laplaceEvent = (
  { samplingRate, noiseMultiplier }: MechanismSettings,
  samplerFailure: number,
): ReleaseEvent => ({ kind: 'laplace', samplingRate, noiseMultiplier, samplerFailure });

/** On a grid, rounded Laplace noise is Laplace noise rounded afterwards: the Laplace mechanism's accounting holds. */
export const roundedLaplace: NoiseKind = {
  noise: 'laplace',
  table: ({ noiseScale }) => roundedLaplaceTable(noiseScale),
  event: (_, settings, failure) => laplaceEvent(settings, failure),
};

/** On a grid, rounded Gaussian noise is Gaussian noise rounded afterwards: the exact Gaussian accounting holds. */
export const roundedGaussian: NoiseKind = {
  noise: 'gaussian',
  table: ({ noiseStddev }) => roundedGaussianTable(noiseStddev),
  event: (_, settings, failure) => ({ kind: 'gaussian', ...costOf(settings, failure) }),
};

/** Discrete Gaussian noise: zero-concentrated privacy D₂²/(2σ²) (Canonne, Kamath and Steinke 2020, theorem 4). */
export const discreteGaussian: NoiseKind = {
  noise: 'gaussian',
  table: ({ noiseStddev }) => discreteGaussianTable(noiseStddev),
  event: (_, settings, failure) => ({ kind: 'discrete-gaussian', ...costOf(settings, failure) }),
};

/** D₁ of integers of L2 norm ≤ D₂ in d coordinates: each is at most its own square. */
const l1Sensitivity = ({ sensitivity }: ReleaseGrid, length: number): number =>
  sensitivity * Math.min(Math.sqrt(length), sensitivity);

/** Skellam noise (Agarwal, Kairouz and Liu 2021, arXiv 2110.04995). */
export const skellam: NoiseKind = {
  noise: 'gaussian',
  table: ({ noiseStddev }) => skellamTable(noiseStddev ** 2),
  event: (grid, settings, failure) => ({
    kind: 'skellam',
    ...costOf(settings, failure),
    l2Sensitivity: grid.sensitivity,
    l1Sensitivity: l1Sensitivity(grid, settings.length),
  }),
};
