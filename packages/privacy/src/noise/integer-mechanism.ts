import type { RandomSource } from '@roundtable/random';
import { requireGaussian, requireRange } from '../arguments.ts';
import { normOf } from './clip.ts';
import { ditheredRounding } from './dither.ts';
import type { NoiseKind } from './noise-kinds.ts';
import { ReleaseFailure } from './release-failure.ts';
import { NORM_ROOM, releaseGrid, type MechanismSettings } from './release-grid.ts';
import { makeReleased } from './released-integers.ts';
import { requireFinite, type ReleaseMechanism } from './release.ts';
import { tableSampler } from './table-sampler.ts';

/** A sum of at most `exampleCap` clipped vectors has a norm of at most `exampleCap`·c; more means that clipping failed. */
function requireOnGrid(sum: Float32Array | Float64Array, norm: 'l1' | 'l2', bound: number): void {
  if (!(normOf(sum, norm) <= bound * NORM_ROOM)) {
    throw new ReleaseFailure('grid-overflow', `the sum's norm must be at most ${bound}`);
  }
}

/**
 * Divide by γ, round with a dither, add integer noise: privacy.md's pipeline, for any kind of noise and any source of
 * randomness. The public mechanisms around it demand a secure one.
 */
export function integerMechanism(
  kind: NoiseKind,
  settings: MechanismSettings,
  random: RandomSource,
): ReleaseMechanism {
  const { clippingNorm, length, exampleCap, noiseMultiplier, samplingRate } = settings;
  requireGaussian(samplingRate, noiseMultiplier);
  requireRange('samplingRate', samplingRate, samplingRate > 0, 'above 0');
  const grid = releaseGrid({ ...settings, noise: kind.noise });
  const norm = kind.noise === 'laplace' ? 'l1' : 'l2';
  const sampler = tableSampler(kind.table(grid), random);
  const rounding = ditheredRounding(random);
  const normBound = exampleCap * grid.clippingUnits * grid.gridStep;
  return {
    event: kind.event(grid, settings, length * sampler.failureProbability),
    clippingNorm,
    norm,
    release: (sum) => {
      requireRange('sum.length', sum.length, sum.length === length, String(length));
      requireFinite(sum);
      requireOnGrid(sum, norm, normBound);
      const values = rounding.round(sum, grid.gridStep);
      const noise = new Int32Array(length);
      sampler.fill(noise);
      for (let i = 0; i < length; i += 1) values[i]! += noise[i]!;
      return makeReleased(values, grid.gridStep, 'differential-privacy');
    },
  };
}
