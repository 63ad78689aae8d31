import { requireRange } from '../arguments.ts';
import { clipSlack } from './clip-slack.ts';
import { gaussianReach, MAX_NOISE_STDDEV } from './noise-table.ts';

/** What fixes a release's grid; all of it is public, so that hub and client compute the same. */
export interface GridSettings {
  /** C > 0: L2 bound on one unit's contribution. */
  readonly clippingNorm: number;
  /** z > 0: noise standard deviation / sensitivity. */
  readonly noiseMultiplier: number;
  /** d: coordinates of the released vector. */
  readonly length: number;
  /** Most contributions in one sum: B_cap of an example-level step, 1 for a client's whole update. */
  readonly exampleCap: number;
}

/** A mechanism's public settings, without its randomness. */
export interface MechanismSettings extends GridSettings {
  /** Poisson rate q in (0, 1] of the units in each sum; 1 where nothing is sampled. */
  readonly samplingRate: number;
}

/** The public grid of a release and what was proven of it, in grid units unless stated. */
export interface ReleaseGrid {
  /** γ, a power of two: the real value of one grid unit. */
  readonly gridStep: number;
  /** c: the bound on how far two neighboring sums differ before they are rounded, C·(1 + slack)/γ. */
  readonly clippingUnits: number;
  /** D₂: L2 bound on the difference of neighboring rounded sums, but for {@link ReleaseGrid.roundingFailure}. */
  readonly sensitivity: number;
  /** c + √d: a bound that never fails. */
  readonly hardSensitivity: number;
  /** z·D₂. */
  readonly noiseStddev: number;
  /** Largest magnitude of one released value of a single clipped vector under (rounded or discrete) Gaussian noise. */
  readonly maxMagnitude: number;
  /** Whole bytes that hold ±maxMagnitude in two's complement. */
  readonly bytesPerValue: 2 | 3 | 4;
  /** β: probability over the dither that D₂ does not hold. */
  readonly roundingFailure: number;
}

/** β of the sensitivity's bound. */
export const ROUNDING_FAILURE = 1e-12;
// √(2 ln(1/β)), as a number, so that no engine's logarithm decides: rounded up.
const DEVIATION = 7.434;
// Rounding may make the noise larger by at most this factor: a finer grid costs bytes and table, a coarser one noise.
const MAX_ROUNDING_COST = 1.0049;
// Below 4 units the noise of several contributors would no longer add up to nearly the same kind of noise.
const MIN_NOISE_UNITS = 4;
const MAX_LENGTH = 2 ** 28;
const INT32_LIMIT = 2 ** 31;
// The dither is a multiple of 2^-32: each coordinate's mean may be off by as much.
const DITHER_STEP = 2 ** -32;

/**
 * D₂ and the bound that never fails, for a difference of L2 norm ≤ c rounded stochastically in d coordinates
 * (Kairouz, Liu and Steinke 2021, arXiv 2102.06387, proposition 22, and privacy.md's unconditional use of it).
 */
function sensitivities(clippingUnits: number, length: number): { likely: number; hard: number } {
  const root = Math.sqrt(length);
  const c = clippingUnits + root * DITHER_STEP;
  const hard = c + root;
  const likely = Math.sqrt(c * c + length / 4 + DEVIATION * (c + root / 2));
  return { likely: Math.min(likely, hard), hard };
}

/** The coarsest power of two that keeps both the cost of rounding and the floor under the noise. */
function gridStepOf(slackenedNorm: number, noiseMultiplier: number, length: number): number {
  let gridStep = 2 ** 20;
  for (; gridStep > 2 ** -120; gridStep /= 2) {
    const clippingUnits = slackenedNorm / gridStep;
    const { likely } = sensitivities(clippingUnits, length);
    const isFine = likely <= MAX_ROUNDING_COST * clippingUnits;
    if (isFine && noiseMultiplier * likely >= MIN_NOISE_UNITS) return gridStep;
  }
  throw new RangeError(`noiseMultiplier must leave a grid above 2^-120, got ${noiseMultiplier}`);
}

function requireSettings({ clippingNorm, noiseMultiplier, length }: GridSettings): void {
  const isNorm = clippingNorm >= 2 ** -60 && clippingNorm <= 2 ** 60;
  requireRange('clippingNorm', clippingNorm, isNorm, 'in 2^-60 … 2^60');
  const isNoise = noiseMultiplier > 0 && noiseMultiplier < Infinity;
  requireRange('noiseMultiplier', noiseMultiplier, isNoise, 'finite and above 0');
  const isLength = Number.isInteger(length) && length >= 1 && length <= MAX_LENGTH;
  requireRange('length', length, isLength, 'an integer in 1 … 2^28');
}

function bytesFor(magnitude: number): 2 | 3 | 4 {
  if (magnitude < 2 ** 15) return 2;
  return magnitude < 2 ** 23 ? 3 : 4;
}

/**
 * The grid of a release: γ the coarsest power of two with D₂γ ≤ 1.0049·C·(1 + slack) and noise of at least 4 units.
 * Computed with + − × / √ alone, so that every engine gets the same bits.
 * @throws RangeError where a setting is out of range, or noise or sums would not fit the grid's integers
 */
export function releaseGrid(settings: GridSettings): ReleaseGrid {
  requireSettings(settings);
  const { clippingNorm, noiseMultiplier, length, exampleCap } = settings;
  const slackenedNorm = clippingNorm * (1 + clipSlack(exampleCap));
  const gridStep = gridStepOf(slackenedNorm, noiseMultiplier, length);
  const clippingUnits = slackenedNorm / gridStep;
  const { likely, hard } = sensitivities(clippingUnits, length);
  const noiseStddev = noiseMultiplier * likely;
  requireRange(
    'noiseMultiplier',
    noiseMultiplier,
    noiseStddev <= MAX_NOISE_STDDEV,
    `at most ${MAX_NOISE_STDDEV / likely} for ${length} values`,
  );
  const reach = gaussianReach(noiseStddev);
  requireRange(
    'exampleCap',
    exampleCap,
    exampleCap * clippingUnits + reach + 1 < INT32_LIMIT,
    `small enough that sums fit 32 bits on a grid of ${gridStep}`,
  );
  const maxMagnitude = Math.ceil(clippingUnits) + 1 + reach;
  return {
    gridStep,
    clippingUnits,
    sensitivity: likely,
    hardSensitivity: hard,
    noiseStddev,
    maxMagnitude,
    bytesPerValue: bytesFor(maxMagnitude),
    roundingFailure: ROUNDING_FAILURE,
  };
}
