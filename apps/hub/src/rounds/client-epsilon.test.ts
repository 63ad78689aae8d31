import { exactGaussianEpsilon, rdpAccountant } from '@roundtable/privacy';
import { describe, expect, it } from 'vitest';
import { tinyFederation } from '../testing/test-hub.ts';
import { clientEpsilon, epsilonTable } from './client-epsilon.ts';

const { settings } = tinyFederation(); // two steps a round, σ = 4, q = 1, δ = 1e-5

describe('the ε of a client', () => {
  it('is that of all its steps as one Gaussian where nothing is sampled', () => {
    expect(clientEpsilon(settings, 3)).toBeCloseTo(exactGaussianEpsilon(4, 3 * 2, 1e-5), 9);
  });

  it('is that of the sampled steps by Rényi accounting where batches are sampled', () => {
    const accountant = rdpAccountant();
    const step = { kind: 'gaussian', samplingRate: 0.25, noiseMultiplier: 4, count: 1 } as const;
    for (let round = 1; round <= 3; round += 1) {
      accountant.compose([
        { ...step, round },
        { ...step, round },
      ]);
    }
    const sampled = { ...settings, training: { ...settings.training, samplingRate: 0.25 } };
    expect(clientEpsilon(sampled, 3)).toBeCloseTo(accountant.epsilon(1e-5), 9);
  });

  it('is nothing before the first update, and unknown without differential privacy', () => {
    expect(clientEpsilon(settings, 0)).toBe(0);
    expect(clientEpsilon({ ...settings, privacy: null }, 3)).toBeNull();
    expect(epsilonTable({ ...settings, privacy: null })(3)).toBeNull();
  });
});
