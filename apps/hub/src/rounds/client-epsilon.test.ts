import { epsilonOf, exactGaussianEpsilon } from '@roundtable/privacy';
import { describe, expect, it } from 'vitest';
import { tinyFederation } from '../testing/test-hub.ts';
import { zerothOrder } from '../testing/zeroth-order.ts';
import { clientEpsilon, epsilonTable } from './client-epsilon.ts';
import { releasePlanOf } from './release-plan.ts';

const { settings, spec } = tinyFederation(); // two steps a round, σ = 4, q = 1, δ = 1e-5
const planOf = (changed: typeof settings) => releasePlanOf({ settings: changed, spec });

describe('the ε of a client', () => {
  it('is that of all its steps as one Gaussian where nothing is sampled', () => {
    // Failures of rounding and sampling take 1e-12 a step from δ, which moves ε in the seventh digit.
    const epsilon = clientEpsilon(planOf(settings)!, 1e-5, 3);
    expect(epsilon).toBeCloseTo(exactGaussianEpsilon(4, 3 * 2, 1e-5), 5);
  });

  it('is that of three times two sampled steps, composed one by one, where batches are sampled', () => {
    const sampled = { ...settings, training: { ...settings.training, samplingRate: 0.25 } };
    const plan = planOf(sampled)!;
    const steps = Array.from({ length: 3 * 2 }, () => ({ ...plan.release, count: 1, round: 1 }));
    expect(clientEpsilon(plan, 1e-5, 3)).toBeCloseTo(epsilonOf(steps, 1e-5), 6);
  });

  it('is that of one release a round where a whole client is protected, whatever the sampling', () => {
    const privacy = { ...settings.privacy!, privacyUnit: 'client' as const };
    const training = { ...settings.training, samplingRate: 0.25, localSteps: 7 };
    const plan = planOf({ ...settings, privacy, training })!;
    expect(clientEpsilon(plan, 1e-5, 3)).toBeCloseTo(exactGaussianEpsilon(4, 3, 1e-5), 5);
  });

  it('is that of its steps under the zeroth order, along however many directions', () => {
    const few = planOf({ ...settings, ...zerothOrder({ directions: 1 }) })!;
    const many = planOf({ ...settings, ...zerothOrder({ directions: 64 }) })!;
    expect(few.releasesPerRound).toBe(2);
    for (const plan of [few, many]) {
      expect(clientEpsilon(plan, 1e-5, 3)).toBeCloseTo(exactGaussianEpsilon(4, 3 * 2, 1e-5), 5);
    }
  });

  it('is at most the number of steps over the scale where the noise is Laplace', () => {
    const plan = planOf({ ...settings, ...zerothOrder({ noise: 'laplace' }) })!;
    expect(plan.release.kind).toBe('laplace');
    // Pure differential privacy: 1/4 a step (DP-ZO, arXiv 2401.04343), composed over one round of two steps.
    expect(clientEpsilon(plan, 1e-12, 1)).toBeLessThanOrEqual(2 / 4 + 1e-3);
    expect(clientEpsilon(plan, 1e-12, 1)).toBeGreaterThan(0.9 * (2 / 4));
    expect(clientEpsilon(plan, 1e-5, 3)).toBeLessThan((3 * 2) / 4);
  });

  it('is nothing before the first round, and unknown without differential privacy', () => {
    expect(clientEpsilon(planOf(settings)!, 1e-5, 0)).toBe(0);
    expect(planOf({ ...settings, privacy: null })).toBeNull();
    expect(epsilonTable(null, 1e-5)(3)).toBeNull();
  });
});
