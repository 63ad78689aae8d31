import { describe, expect, it } from 'vitest';
import { routingSettings } from './demo-settings.ts';
import { largestTotalWeight, updateWeight } from './update-weight.ts';

const settings = routingSettings({
  rounds: 10,
  epsilon: 8,
  delta: 1e-5,
  clients: 8,
  baseModelId: 'm',
  labels: ['a', 'b'],
  template: '{text} {label}',
});

describe('updateWeight', () => {
  it('is the example count, and 1 where differential privacy hides it', () => {
    expect([0, 1, 2, 600].map(updateWeight)).toEqual([1, 1, 2, 600]);
  });
});

describe('largestTotalWeight', () => {
  const cohort = { ...settings.cohort, minimum: 2, target: 10, overSelection: 1.25 };

  it('is the cohort’s size under differential privacy', () => {
    // ⌈10 · 1.25⌉ = 13
    expect(largestTotalWeight({ ...settings, cohort })).toBe(13);
  });

  it('is that many times the public cap without', () => {
    const training = { ...settings.training, maxExamplesPerStep: 600 };
    // 13 · 600
    expect(largestTotalWeight({ ...settings, cohort, training, privacy: null })).toBe(7_800);
  });
});
