import { describe, expect, it } from 'vitest';
import { maxSampleCount, sampleCountOf } from './sample-count.ts';
import type { PrivacySettings, TrainingSettings } from './settings.ts';

const training: TrainingSettings = {
  localSteps: 1,
  learningRate: 1,
  finalLearningRateFactor: 1,
  optimizer: 'sgd',
  samplingRate: 1,
  batchDivisor: 300,
  maxExamplesPerStep: 600,
};
const privacy: PrivacySettings = {
  privacyUnit: 'example',
  neighboringRelation: 'add-or-remove-one',
  epsilonBudget: 8,
  delta: 1e-5,
  clippingNorm: 1,
  noiseMultiplier: 1,
};

describe('sampleCountOf', () => {
  it('is 0 for any number of examples under differential privacy', () => {
    for (const examples of [0, 1, 300, 40_000]) {
      expect(sampleCountOf({ training, privacy }, examples)).toBe(0);
    }
    expect(maxSampleCount({ training, privacy })).toBe(0);
  });

  it.each([
    [1, 1],
    [300, 300],
    [600, 600],
    [601, 600],
    [40_000, 600],
  ])('without it is %i as %i, the public cap at most', (examples, count) => {
    expect(sampleCountOf({ training, privacy: null }, examples)).toBe(count);
  });

  it.each([0, -1, 1.5, NaN])('without it refuses %d examples', (examples) => {
    expect(() => sampleCountOf({ training, privacy: null }, examples)).toThrow(
      /examples must be an integer ≥ 1/,
    );
  });
});
