import { calibrateNoiseMultiplier, releaseGrid } from '@roundtable/privacy';
import { seededGaussianMechanism, seededLaplaceMechanism } from '@roundtable/privacy/testing';
import { methodSettings } from '@roundtable/protocol';
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
    // 10 · 2 · 600/300 = 40 clips for a vanishing noise, times the slack 1 + √64·(1 + 2^-10)/127; a noise of at least 4
    // units makes the grid so fine that rounding adds only 10 · 2/300 · 1.5·√4096/4000 = 0.002
    const privacy = { ...settings.privacy!, noiseMultiplier: 1e-3 };
    const exampleCap = settings.training.maxExamplesPerStep;
    const grid = releaseGrid({ ...privacy, length, exampleCap });
    const clip = grid.clippingUnits * grid.gridStep; // C and the slack of float32 sums
    expect(clip).toBeCloseTo(1, 1);
    const expected = 40 * clip * (1 + (8 * (1 + 2 ** -10)) / 127);
    expect(updateNormBound({ ...settings, privacy }, length)).toBeCloseTo(expected, 2);
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

describe('updateNormBound where whole clients are protected', () => {
  const clients = {
    ...settings,
    privacy: { ...settings.privacy!, privacyUnit: 'client' as const },
  };
  const { clippingNorm, noiseMultiplier } = clients.privacy;

  it('is not reached by released updates of full length, and is near them', () => {
    const bound = updateNormBound(clients, length);
    const update = new Float64Array(length).fill(clippingNorm / Math.sqrt(length));
    for (let k = 0; k < 20; k += 1) {
      const { values, gridStep } = seededGaussianMechanism({
        ...{ clippingNorm, noiseMultiplier, length, exampleCap: 1, samplingRate: 1 },
        random: seededRandom(`client-${k}`),
      }).release(update);
      const norm = gridStep * Math.hypot(...values);
      expect(norm).toBeLessThan(bound);
      expect(bound).toBeLessThan(1.5 * norm);
    }
  });

  it('follows the formula: c + √d for the rounded update, the noise to probability e^-40', () => {
    const { hardSensitivity, noiseStddev, gridStep } = releaseGrid({
      ...{ clippingNorm, noiseMultiplier, length, exampleCap: 1 },
    });
    // d = 4096, t = 40: d + 2√(d·t) + 2t = 4096 + 809.5… + 80; √d/2 = 32 for rounding the noise
    const noise = noiseStddev * Math.sqrt(4096 + 2 * Math.sqrt(163_840) + 80);
    const expected = gridStep * (hardSensitivity + noise + 32);
    expect(updateNormBound(clients, length)).toBeCloseTo(expected, 9);
  });

  it('does not depend on how the update was trained', () => {
    const training = { ...clients.training, learningRate: 1e6, optimizer: 'adam' as const };
    const bound = updateNormBound({ ...clients, training }, length);
    expect(bound).toBe(updateNormBound(clients, length));
  });
});

describe('updateNormBound of the zeroth order', () => {
  const [steps, directions, cap] = [10, 16, 50];
  const training = { ...demo.training, localSteps: steps, maxExamplesPerStep: cap };
  const of = (noise: 'gaussian' | 'laplace', learningRate = 1e-3) => ({
    ...demo,
    ...methodSettings({ name: 'zeroth-order', zerothOrder: { directions, noise } }),
    training: { ...training, learningRate },
  });
  const { clippingNorm, noiseMultiplier } = demo.privacy!;

  /** All scalars of a round in which every example says the same at full length. */
  function worstHonestNorm(noise: 'gaussian' | 'laplace', seed: string): number {
    const given = { clippingNorm, noiseMultiplier, samplingRate: 1, length: directions };
    const make = noise === 'laplace' ? seededLaplaceMechanism : seededGaussianMechanism;
    const mechanism = make({ ...given, exampleCap: cap, random: seededRandom(seed) });
    const sum = new Float64Array(directions);
    sum[0] = cap * clippingNorm;
    const all = Array.from({ length: steps }, () => [...mechanism.release(sum).reals()]);
    return Math.hypot(...all.flat());
  }

  // Of Laplace noise the L1 norm is bounded, which is the larger one.
  it.each([
    ['gaussian', 3],
    ['laplace', 10],
  ] as const)(
    'is not reached by honest steps with %s noise at their worst, and is at most %d times as large',
    (noise, times) => {
      const bound = updateNormBound(of(noise), steps * directions);
      const norms = Array.from({ length: 20 }, (_, k) => worstHonestNorm(noise, `zo-${k}`));
      expect(Math.max(...norms)).toBeLessThan(bound);
      expect(bound).toBeLessThan(times * Math.max(...norms));
    },
  );

  it('does not depend on the learning rate, which moves weights and no scalar', () => {
    expect(updateNormBound(of('gaussian', 1e-9), 160)).toBe(
      updateNormBound(of('gaussian', 9), 160),
    );
  });

  it('without privacy is what the grid can hold', () => {
    const open = { ...of('gaussian'), privacy: null };
    expect(updateNormBound(open, 160)).toBe(32_768 * Math.sqrt(160));
  });
});
