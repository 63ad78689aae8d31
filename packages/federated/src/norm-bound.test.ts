import { calibrateNoiseMultiplier } from '@roundtable/privacy';
import { gaussian, seededRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { routingSettings } from './demo-settings.ts';
import { updateNormBound } from './norm-bound.ts';

const demo = routingSettings({
  rounds: 10,
  epsilon: 8,
  delta: 1e-5,
  clients: 8,
  baseModelId: 'm',
  labels: ['a', 'b'],
  template: '{text} {label}',
});
const settings = { ...demo, training: { ...demo.training, learningRate: 10, localSteps: 2 } };
const length = 4_096;

/** Norm of an honest update at its worst: every example's clipped gradient points the same way at full length. */
function worstHonestNorm(seed: string): number {
  const { training, privacy } = settings;
  const random = seededRandom(seed);
  const { learningRate, localSteps, batchDivisor, maxExamplesPerStep } = training;
  const stddev = privacy!.noiseMultiplier * privacy!.clippingNorm;
  const update = new Float64Array(length);
  for (let s = 0; s < localSteps; s += 1) {
    for (let i = 0; i < length; i += 1) {
      const signal = i === 0 ? maxExamplesPerStep * privacy!.clippingNorm : 0;
      update[i]! += (learningRate * (signal + stddev * gaussian(random))) / batchDivisor;
    }
  }
  return Math.hypot(...update);
}

describe('updateNormBound', () => {
  it('is not reached by honest training at its worst', () => {
    const bound = updateNormBound(settings, length);
    for (let k = 0; k < 20; k += 1) {
      expect(worstHonestNorm(`honest-${k}`)).toBeLessThan(bound);
    }
  });

  it('is at most twice the worst honest norm, so that a ×100 update is far outside', () => {
    expect(updateNormBound(settings, length)).toBeLessThan(2 * worstHonestNorm('honest'));
  });

  it('follows the formula without noise: η·C·S·B_cap/b', () => {
    // 10 · 1 · 2 · 600/300 = 40 for a vanishing noise, times the slack 1 + √64·(1 + 2^-10)/127
    const quiet = { ...settings, privacy: { ...settings.privacy!, noiseMultiplier: 1e-12 } };
    expect(updateNormBound(quiet, length)).toBeCloseTo(40 * (1 + (8 * (1 + 2 ** -10)) / 127), 3);
  });

  it('holds for Adam, whose first step is η in each coordinate', () => {
    const training = { ...settings.training, optimizer: 'adam' as const, localSteps: 1 };
    const bound = updateNormBound({ ...settings, training }, length);
    expect(bound).toBeGreaterThan(10 * Math.sqrt(length));
    expect(bound).toBeLessThan(1.1 * 10 * Math.sqrt(length));
  });

  it('grows with the noise', () => {
    const noiseMultiplier = calibrateNoiseMultiplier({
      epsilon: 1,
      delta: 1e-5,
      samplingRate: 1,
      steps: 20,
    });
    const noisy = { ...settings, privacy: { ...settings.privacy!, noiseMultiplier } };
    expect(updateNormBound(noisy, length)).toBeGreaterThan(updateNormBound(settings, length));
  });
});
