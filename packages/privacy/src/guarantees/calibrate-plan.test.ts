import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../accounting/accountant.ts';
import { calibratePlan } from './calibrate-plan.ts';
import { plannedRelease } from './planned-release.ts';

const plan = {
  privacyUnit: 'example',
  clippingNorm: 1,
  samplingRate: 1,
  localSteps: 4,
  length: 16_384,
  exampleCap: 600,
  epsilon: 8,
  delta: 1e-5,
  rounds: 10,
} as const;

function costOf(noiseMultiplier: number, settings: Parameters<typeof calibratePlan>[0]): number {
  const { event, count } = plannedRelease({ ...settings, noiseMultiplier });
  return epsilonOf([{ ...event, count: count * settings.rounds, round: 0 }], settings.delta);
}

describe('calibratePlan', () => {
  it.each([
    { ...plan },
    { ...plan, privacyUnit: 'client' as const },
    { ...plan, samplingRate: 0.1, rounds: 3 },
    { ...plan, noise: 'laplace' as const, length: 16 },
    { ...plan, noise: 'laplace' as const, length: 16, samplingRate: 0.1, rounds: 3 },
    { ...plan, noise: 'laplace' as const, length: 160, privacyUnit: 'client' as const },
    { ...plan, length: 16, samplingRate: 0.1, localSteps: 10 },
  ])('spends the budget and not more: %o', (settings) => {
    const sigma = calibratePlan(settings);
    expect(costOf(sigma, settings)).toBeLessThanOrEqual(8);
    expect(costOf(sigma * (1 - 1e-4), settings)).toBeGreaterThan(8);
  });

  it('needs less noise for a client whose one release a round stands for all steps', () => {
    const client = calibratePlan({ ...plan, privacyUnit: 'client' });
    // A quarter of the releases: half of the noise.
    expect(client / calibratePlan(plan)).toBeCloseTo(0.5, 3);
  });

  it('by Rényi orders needs more of either noise', () => {
    for (const noise of ['gaussian', 'laplace'] as const) {
      const settings = { ...plan, noise, length: 16, rounds: 3 };
      expect(calibratePlan({ ...settings, by: 'rdp' })).toBeGreaterThan(calibratePlan(settings));
    }
  });

  it('refuses a run without rounds', () => {
    expect(() => calibratePlan({ ...plan, rounds: 0 })).toThrow('rounds');
  });
});
