import { requireRange } from '../arguments.ts';
import { clipSlack } from './clip-slack.ts';
import { gaussianReach, laplaceReach, MAX_LAPLACE_SCALE, MAX_NOISE_STDDEV } from './noise-table.ts';

/** What fixes a release's grid; all of it is public, so that hub and client compute the same. */
export interface GridSettings {
  /** C > 0: L2 bound on one unit's contribution; L1 for Laplace noise. */
  readonly clippingNorm: number;
  /** z > 0: noise standard deviation (Laplace: scale) / sensitivity. */
  readonly noiseMultiplier: number;
  /** d: coordinates of the released vector. */
  readonly length: number;
  /** Most contributions in one sum: B_cap of an example-level step, 1 for a client's whole update. */
  readonly exampleCap: number;
}

/** Noise that plans, grids and accountants know beside each other; `gaussian` stands for discrete and Skellam noise too. */
export type GridNoise = 'gaussian' | 'laplace';

/** What fixes a grid, its kind of noise included. */
export interface ReleaseGridSettings extends GridSettings {
  /** Gaussian by default. */
  readonly noise?: GridNoise | undefined;
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
  /** D: L2 (Laplace: L1) bound on the difference of neighboring rounded sums, but for {@link ReleaseGrid.roundingFailure}. */
  readonly sensitivity: number;
  /** A bound that never fails: c + √d in L2, c + d in L1. */
  readonly hardSensitivity: number;
  /** z·D: the Gaussian's standard deviation, the scale of Laplace noise. */
  readonly noiseScale: number;
  /** Standard deviation of the noise before it is rounded: z·D, and √2·z·D for Laplace noise. */
  readonly noiseStddev: number;
  /** Largest magnitude of one released value of a single clipped vector under rounded noise (or discrete Gaussian). */
  readonly maxMagnitude: number;
  /** Whole bytes that hold ±maxMagnitude in two's complement. */
  readonly bytesPerValue: 2 | 3 | 4;
  /** The same of one released sum of `exampleCap` clipped vectors. */
  readonly maxSumMagnitude: number;
  /** Whole bytes that hold ±maxSumMagnitude in two's complement. */
  readonly sumBytesPerValue: 2 | 3 | 4;
  /** β: probability over the dither that D does not hold; 0 for Laplace noise. */
  readonly roundingFailure: number;
}

/** β of the sensitivity's bound. */
export const ROUNDING_FAILURE = 1e-12;
// √(2 ln(1/β)), as a number, so that no engine's logarithm decides: rounded up.
const DEVIATION = 7.434;
// Rounding may make the noise larger by at most this factor: a finer grid costs bytes and table, a coarser one noise.
const MAX_ROUNDING_COST = 1.0049;
// In L1 rounding costs d units, not about d/(8c): on a grid as fine as the Gaussian's, tables would grow twice as large.
const MAX_L1_ROUNDING_COST = 1.01;
// Below 4 units the noise of several contributors would no longer add up to nearly the same kind of noise.
const MIN_NOISE_UNITS = 4;
const MAX_LENGTH = 2 ** 28;
const INT32_LIMIT = 2 ** 31;
// The dither is a multiple of 2^-32: each coordinate's mean may be off by as much.
const DITHER_STEP = 2 ** -32;
/** Room for the rounding of a norm in double precision, far below the slack. */
export const NORM_ROOM = 1 + 1e-9;

/** Bounds on how far neighboring rounded sums lie apart: one that holds but for β, one that always does. */
interface Sensitivities {
  readonly likely: number;
  readonly hard: number;
}

/** What the grid needs to know of a kind of noise. */
interface NoiseRule {
  /** Of a difference of norm ≤ c in d coordinates, rounded with the same dither on both sides. */
  sensitivities(clippingUnits: number, length: number): Sensitivities;
  readonly roundingFailure: number;
  readonly maxRoundingCost: number;
  readonly maxScale: number;
  /** Standard deviation / scale. */
  readonly stddevs: number;
  /** Largest draw. */
  reach(noiseScale: number): number;
}

const gaussianRule: NoiseRule = {
  // Kairouz, Liu and Steinke 2021, arXiv 2102.06387, proposition 22, and privacy.md's unconditional use of it.
  sensitivities: (clippingUnits, length) => {
    const root = Math.sqrt(length);
    const c = clippingUnits + root * DITHER_STEP;
    const hard = c + root;
    const likely = Math.sqrt(c * c + length / 4 + DEVIATION * (c + root / 2));
    return { likely: Math.min(likely, hard), hard };
  },
  roundingFailure: ROUNDING_FAILURE,
  maxRoundingCost: MAX_ROUNDING_COST,
  maxScale: MAX_NOISE_STDDEV,
  stddevs: 1,
  reach: gaussianReach,
};

const laplaceRule: NoiseRule = {
  // |⌊x + u⌋ − ⌊y + u⌋| < |x − y| + 1 in every coordinate, whatever u.
  sensitivities: (clippingUnits, length) => {
    const hard = clippingUnits + length;
    return { likely: hard, hard };
  },
  roundingFailure: 0,
  maxRoundingCost: MAX_L1_ROUNDING_COST,
  maxScale: MAX_LAPLACE_SCALE,
  stddevs: Math.SQRT2,
  reach: laplaceReach,
};

/** The coarsest power of two that keeps both the cost of rounding and the floor under the noise. */
function gridStepOf(
  rule: NoiseRule,
  slackenedNorm: number,
  { noiseMultiplier, length }: GridSettings,
): number {
  let gridStep = 2 ** 20;
  for (; gridStep > 2 ** -120; gridStep /= 2) {
    const clippingUnits = slackenedNorm / gridStep;
    const { likely } = rule.sensitivities(clippingUnits, length);
    const isFine = likely <= rule.maxRoundingCost * clippingUnits;
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
 * The grid of a release: γ the coarsest power of two with Dγ ≤ 1.0049·C·(1 + slack) (Laplace: 1.01) and noise of at least
 * 4 units. Computed with + − × / √ alone, so that every engine gets the same bits.
 * @throws RangeError where a setting is out of range, or noise or sums would not fit the grid's integers
 */
export function releaseGrid(settings: ReleaseGridSettings): ReleaseGrid {
  requireSettings(settings);
  const { clippingNorm, noiseMultiplier, length, exampleCap, noise = 'gaussian' } = settings;
  const rule = noise === 'laplace' ? laplaceRule : gaussianRule;
  const slackenedNorm = clippingNorm * (1 + clipSlack(exampleCap));
  const gridStep = gridStepOf(rule, slackenedNorm, settings);
  const clippingUnits = slackenedNorm / gridStep;
  const { likely, hard } = rule.sensitivities(clippingUnits, length);
  const noiseScale = noiseMultiplier * likely;
  const largest = `at most ${rule.maxScale / likely} for ${length} values`;
  requireRange('noiseMultiplier', noiseMultiplier, noiseScale <= rule.maxScale, largest);
  const reach = rule.reach(noiseScale);
  const maxSumMagnitude = Math.ceil(exampleCap * clippingUnits * NORM_ROOM) + 1 + reach;
  const fits = `small enough that sums fit 32 bits on a grid of ${gridStep}`;
  requireRange('exampleCap', exampleCap, maxSumMagnitude < INT32_LIMIT, fits);
  const maxMagnitude = Math.ceil(clippingUnits) + 1 + reach;
  return {
    gridStep,
    clippingUnits,
    sensitivity: likely,
    hardSensitivity: hard,
    noiseScale,
    noiseStddev: rule.stddevs * noiseScale,
    maxMagnitude,
    bytesPerValue: bytesFor(maxMagnitude),
    maxSumMagnitude,
    sumBytesPerValue: bytesFor(maxSumMagnitude),
    roundingFailure: rule.roundingFailure,
  };
}
