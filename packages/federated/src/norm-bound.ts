import { releaseGrid } from '@roundtable/privacy';
import type { FederationSettings, PrivacySettings } from '@roundtable/protocol';

type BoundedSettings = Pick<FederationSettings, 'training' | 'privacy' | 'wire'>;

// Without privacy nothing clips a gradient. This cap is far above any sane one and only stops absurd updates.
const LARGEST_SANE_GRADIENT = 1_000;

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

/**
 * Upper end of the norm of one released client update, in real units: clipped vector, dither and noise, each rounded
 * up. The noise's norm passes its part with probability ≤ e^-40 (Laurent and Massart 2000, lemma 1), so that refusing
 * an honest update is rarer than the failures that δ holds anyway.
 */
function releaseBound({ clippingNorm, noiseMultiplier }: PrivacySettings, length: number): number {
  const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap: 1 });
  const { gridStep, hardSensitivity, noiseStddev } = grid;
  const noise = noiseStddev * Math.sqrt(length + 2 * Math.sqrt(length * 40) + 2 * 40);
  return gridStep * (hardSensitivity + noise + Math.sqrt(length) / 2);
}

/**
 * Largest L2 norm that clipping, steps and noise let a dequantized update reach; a larger one did not come from the
 * agreed training. Noise passes the bound of the SGD case with probability below 1e-5; the quantization's share
 * is its worst case, ‖error‖ ≤ ‖u‖·√blockSize/levels, so an honest update is not refused for its rounding.
 */
export function updateNormBound(settings: BoundedSettings, parameterCount: number): number {
  const { privacy } = settings;
  if (privacy?.privacyUnit === 'client') return releaseBound(privacy, parameterCount);
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
