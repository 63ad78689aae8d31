import { releaseGrid } from '@roundtable/privacy';
import type { SecureRandom } from '@roundtable/random';
import type { AuditSettings } from './audit-profile.ts';
import { honestBuild } from './audited-build.ts';
import type { AuditedBuild } from './audited-build.ts';
import { AuditedTrainer } from './audited-trainer.ts';
import type { AuditExample } from './canaries.ts';

/** Releases of a build on given examples, less what an honest build would have released without noise. */
export interface NoiseRecord {
  /** Release by release, in grid units of the claimed grid. */
  readonly residuals: Float64Array;
  /** Variance that the claim leads to: noise, its rounding, and the rounding of the sum; grid units squared. */
  readonly expectedVariance: number;
  readonly length: number;
}

/** Mean over the coordinates of f(1 − f), the variance of rounding a sum with a dither. */
function roundingVariance(units: Float64Array): number {
  const variances = units.map((value) => {
    const fraction = value - Math.floor(value);
    return fraction * (1 - fraction);
  });
  return variances.reduce((sum, value) => sum + value, 0) / units.length;
}

/** Lets a build release `draws` numbers, in steps that take all of `examples`. */
export function recordNoise(
  build: AuditedBuild,
  settings: AuditSettings,
  examples: readonly AuditExample[],
  draws: number,
  random: SecureRandom,
): NoiseRecord {
  const { length, clippingNorm } = settings;
  const { gridStep, noiseStddev } = releaseGrid(settings);
  const trainer = new AuditedTrainer(build, { ...settings, samplingRate: 1 }, random);
  const trueUnits =
    examples.length === 0
      ? new Float64Array(length)
      : honestBuild.clippedSum(examples, clippingNorm).map((value) => value / gridStep);
  const releases = Math.ceil(draws / length);
  const residuals = new Float64Array(releases * length);
  for (let release = 0; release < releases; release += 1) {
    const sent = trainer.step(examples, 1).released.reals();
    for (let i = 0; i < length; i += 1) {
      residuals[release * length + i] = sent[i]! / gridStep - trueUnits[i]!;
    }
  }
  const expectedVariance = noiseStddev ** 2 + 1 / 12 + roundingVariance(trueUnits);
  return { residuals, expectedVariance, length };
}
