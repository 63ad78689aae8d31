import { exactGaussianEpsilon } from '@roundtable/privacy';
import { federationSettingsSchema } from '@roundtable/protocol';
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

  it('have no privacy where it is turned off', () => {
    expect(routingSettings({ ...options, epsilon: null }).privacy).toBeNull();
  });
});
