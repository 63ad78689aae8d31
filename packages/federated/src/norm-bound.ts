import { releaseGrid } from '@roundtable/privacy';
import type { FederationSettings, PrivacySettings } from '@roundtable/protocol';

type BoundedSettings = Pick<FederationSettings, 'training' | 'privacy' | 'wire' | 'zerothOrder'>;

// Without privacy nothing clips a gradient. This cap is far above any sane one and only stops absurd updates.
const LARGEST_SANE_GRADIENT = 1_000;
/** Unprotected scalars of the zeroth order are 32-bit integers of 2^-16. */
const LARGEST_OPEN_SCALAR = 2 ** 15;
/** Honest noise passes a bound with probability ≤ e^-40: rarer than the failures that δ holds anyway. */
const TAIL = 40;

/** Largest deterministic part of one step's released sum, and the noise's standard deviation, in real units. */
function stepBounds({ training, privacy }: BoundedSettings, d: number) {
  const { maxExamplesPerStep: exampleCap } = training;
  if (privacy === null) return { largest: LARGEST_SANE_GRADIENT * exampleCap, stddev: 0 };
  const { clippingNorm, noiseMultiplier } = privacy;
  const grid = releaseGrid({ clippingNorm, noiseMultiplier, length: d, exampleCap });
  // Dither moves a coordinate by less than a unit, rounding the noise by at most half of one.
  const rounding = 1.5 * Math.sqrt(d);
  return {
    largest: grid.gridStep * (exampleCap * grid.clippingUnits + rounding),
    stddev: grid.gridStep * grid.noiseStddev,
  };
}

/**
 * Upper end of the norm of S plain-SGD steps on released gradients (privacy.md, section 9, for example-level noise):
 * √(K² + d·s² + 5·s·√(2·d·s² + 4·K²)) with K = η·S·largest/b and s = η·stddev·√S/b; largest is about C·B_cap and
 * stddev z·D₂ of the release's grid.
 */
function sgdBound(settings: BoundedSettings, d: number): number {
  const { learningRate, localSteps, batchDivisor } = settings.training;
  const { largest, stddev } = stepBounds(settings, d);
  const k = (learningRate * localSteps * largest) / batchDivisor;
  const s = (learningRate * stddev * Math.sqrt(localSteps)) / batchDivisor;
  const spread = 5 * s * Math.sqrt(2 * d * s ** 2 + 4 * k ** 2);
  return Math.sqrt(k ** 2 + d * s ** 2 + spread);
}

/** Upper end of the norm of a standard Gaussian vector (Laurent and Massart 2000, lemma 1). */
function gaussianNorm(length: number): number {
  return Math.sqrt(length + 2 * Math.sqrt(length * TAIL) + 2 * TAIL);
}

/** Upper end of the L1, and so of the L2, norm of a Laplace vector of scale 1: a Gamma variable (same lemma's form). */
function laplaceNorm(length: number): number {
  return length + Math.sqrt(2 * length * TAIL) + TAIL;
}

/**
 * Upper end of the norm of one released client update, in real units: clipped vector, dither and noise, each rounded
 * up.
 */
function releaseBound({ clippingNorm, noiseMultiplier }: PrivacySettings, length: number): number {
  const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap: 1 });
  const { gridStep, hardSensitivity, noiseStddev } = grid;
  const noise = noiseStddev * gaussianNorm(length);
  return gridStep * (hardSensitivity + noise + Math.sqrt(length) / 2);
}

/**
 * Upper end of the norm of the scalars of S steps: in each a sum of clipped K-vectors, whose clip in L1 bounds L2 too,
 * with dither; the noise over all of them together.
 */
function scalarsBound({ training, privacy, zerothOrder }: BoundedSettings, length: number): number {
  if (privacy === null || zerothOrder === undefined) {
    return LARGEST_OPEN_SCALAR * Math.sqrt(length);
  }
  const { clippingNorm, noiseMultiplier } = privacy;
  const { maxExamplesPerStep: exampleCap, localSteps } = training;
  const { directions, noise: kind } = zerothOrder;
  const given = { clippingNorm, noiseMultiplier, length: directions, exampleCap };
  const grid = releaseGrid({ ...given, noise: kind });
  const { gridStep, clippingUnits, noiseScale } = grid;
  const largest = exampleCap * clippingUnits + 1.5 * Math.sqrt(directions);
  const noise = noiseScale * (kind === 'laplace' ? laplaceNorm(length) : gaussianNorm(length));
  // Scaling to the clip and summing round by a few parts in 2^53.
  return gridStep * (Math.sqrt(localSteps) * largest * (1 + 1e-9) + noise);
}

/**
 * Largest L2 norm that clipping, steps and noise let a dequantized update reach; a larger one did not come from the
 * agreed training. Noise passes the bound of the SGD case with probability below 1e-5; the quantization's share
 * is its worst case, ‖error‖ ≤ ‖u‖·√blockSize/levels, so an honest update is not refused for its rounding.
 */
export function updateNormBound(settings: BoundedSettings, parameterCount: number): number {
  const { privacy } = settings;
  if (privacy?.privacyUnit === 'client') return releaseBound(privacy, parameterCount);
  if (settings.zerothOrder !== undefined) return scalarsBound(settings, parameterCount);
  const { optimizer, learningRate, localSteps } = settings.training;
  // Our Adam holds each coordinate's step to η, so S steps move at most η·S·√d.
  const trained =
    optimizer === 'adam'
      ? learningRate * localSteps * Math.sqrt(parameterCount)
      : sgdBound(settings, parameterCount);
  const levels = 2 ** (settings.wire.uploadBits - 1) - 1;
  const roundedScale = 1 + 2 ** -10; // scales are fp16, rounded up
  const slack = 1 + (Math.sqrt(settings.wire.uploadBlockSize) * roundedScale) / levels;
  const smallestScales = Math.sqrt(parameterCount) * 2 ** -23;
  return trained * slack + smallestScales;
}
