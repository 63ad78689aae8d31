import { plannedRound, uploadFormat } from '@roundtable/methods';
import { exampleSpec } from '@roundtable/methods/testing';
import { epsilonOf, exactGaussianEpsilon, plannedRelease } from '@roundtable/privacy';
import { federationSettingsSchema, methodChoiceOf, methodChoices } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingSettings } from './demo-settings.ts';

const options = {
  rounds: 10,
  epsilon: 8,
  delta: 1e-5,
  clients: 8,
  baseModelId: 'roundtable-base',
  labels: ['returns', 'billing'],
  template: '{text}\n→ {label}',
};

describe('routingSettings', () => {
  it('are valid settings', () => {
    expect(federationSettingsSchema.parse(routingSettings(options))).toEqual(
      routingSettings(options),
    );
  });

  it('end the run just below its budget', () => {
    // 10 rounds of 4 releases with q = 1: the exact Gaussian of 40 steps
    const sigma = routingSettings(options).privacy!.noiseMultiplier;
    expect(exactGaussianEpsilon(sigma, 40, 1e-5)).toBeLessThanOrEqual(8);
    expect(exactGaussianEpsilon(sigma * 0.9999, 40, 1e-5)).toBeGreaterThan(8);
  });

  it('leave room for the failure probabilities of the releases that really run: 16,384 values, 10 rounds', () => {
    const { privacy, training } = routingSettings(options);
    const planned = plannedRelease({
      ...privacy!,
      ...training,
      length: 16_384,
      exampleCap: training.maxExamplesPerStep,
    });
    const count = 10 * planned.count;
    expect(epsilonOf([{ ...planned.event, count, round: 0 }], 1e-5)).toBeLessThanOrEqual(8);
  });

  it.each([1, 3, 10, 30, 100])(
    'let all %d rounds fit their budget, failures included',
    (rounds) => {
      const { privacy, training } = routingSettings({ ...options, rounds });
      // The largest adapter of which the embedded model has room: failures grow with the length.
      const length = 1_000_000;
      const exampleCap = training.maxExamplesPerStep;
      const { event, count } = plannedRelease({ ...privacy!, ...training, length, exampleCap });
      const epsilon = epsilonOf([{ ...event, count: count * rounds, round: 1 }], 1e-5);
      expect(epsilon).toBeLessThanOrEqual(8);
      expect(epsilon).toBeGreaterThan(7.9999);
    },
  );

  it('have no privacy where it is turned off', () => {
    expect(routingSettings({ ...options, epsilon: null }).privacy).toBeNull();
  });

  it('are of any chosen method, and valid', () => {
    for (const name of methodChoices) {
      const settings = routingSettings({ ...options, method: { name } });
      expect(federationSettingsSchema.parse(settings)).toEqual(settings);
      expect(methodChoiceOf(settings)).toBe(name);
    }
  });

  it.each(['gaussian', 'laplace'] as const)(
    'end a run of the zeroth order just below its budget with %s noise',
    (noise) => {
      const method = { name: 'zeroth-order', zerothOrder: { noise, directions: 4 } } as const;
      const settings = routingSettings({ ...options, method });
      // Its length is S·K whatever the adapter, so that any adapter will do here.
      const { event, count } = plannedRound(settings, exampleSpec)!;
      expect(count).toBe(settings.training.localSteps);
      const epsilon = epsilonOf([{ ...event, count: 10 * count, round: 1 }], options.delta);
      expect(epsilon).toBeLessThanOrEqual(8);
      expect(epsilon).toBeGreaterThan(7.99);
    },
  );

  it('sends at most 1 kB a round with the zeroth order', () => {
    const settings = routingSettings({ ...options, method: { name: 'zeroth-order' } });
    expect(uploadFormat(settings, exampleSpec).frameBytes).toBeLessThanOrEqual(1_000);
  });
});
