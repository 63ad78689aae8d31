import { exactGaussianEpsilon, plannedRelease, guarantees } from '@roundtable/privacy';
import { describe, expect, it } from 'vitest';
import type { PrivacyPlan } from './privacy-figures.ts';
import { privacyFigures } from './privacy-figures.ts';

const plan: PrivacyPlan = {
  privacyUnit: 'example',
  epsilon: 8,
  delta: 1e-5,
  clippingNorm: 1,
  samplingRate: 1,
  localSteps: 4,
  rounds: 10,
  length: 12_288,
  maxExamplesPerStep: 600,
  clients: 5,
  minimumClients: 3,
  examplesPerClient: 300,
};
const sampled = { ...plan, samplingRate: 0.1 };

/** What a participant's ledger will make of σ. */
function spentAfter(of: PrivacyPlan, noiseMultiplier: number): number {
  const planned = plannedRelease({ ...of, noiseMultiplier, exampleCap: of.maxExamplesPerStep });
  const { rounds, delta, minimumClients } = of;
  const hasLinearUpload = of.privacyUnit === 'client';
  return guarantees({ planned, rounds, delta, hasLinearUpload, minimumClients }).hub;
}

describe('privacyFigures', () => {
  it('calibrates σ by the exact Gaussian formula where nothing is sampled', () => {
    const { noiseMultiplier, allRounds } = privacyFigures(plan, 'exact');
    const spent = exactGaussianEpsilon(noiseMultiplier, 40, 1e-5);
    expect(spent).toBeLessThanOrEqual(8);
    expect(spent).toBeGreaterThan(7.99);
    expect(allRounds.hub).toBeCloseTo(8, 3);
  });

  it.each([
    ['example', 1],
    ['example', 0.1],
    ['client', 1],
  ] as const)(
    'lets the last round fit into the budget (%s, q = %d)',
    (privacyUnit, samplingRate) => {
      const of = { ...plan, privacyUnit, samplingRate };
      const { noiseMultiplier } = privacyFigures(of, 'exact');
      const spent = spentAfter(of, noiseMultiplier);
      expect(spent).toBeLessThanOrEqual(8);
      expect(spent).toBeGreaterThan(7.9);
    },
  );

  it('is never above the quick bound, which asks for more noise', () => {
    const quick = privacyFigures(sampled, 'quick');
    const exact = privacyFigures(sampled, 'exact');
    expect(exact.noiseMultiplier).toBeLessThan(quick.noiseMultiplier);
    expect(quick.allRounds.hub).toBeLessThanOrEqual(8);
  });

  it('needs more noise for more rounds and less for one round than for all', () => {
    const few = privacyFigures(plan, 'exact');
    const many = privacyFigures({ ...plan, rounds: 40 }, 'exact');
    expect(many.noiseMultiplier).toBeGreaterThan(few.noiseMultiplier);
    expect(few.oneRound.hub).toBeLessThan(few.allRounds.hub);
  });

  it('gives outsiders a smaller ε only where it is proved', () => {
    const several = privacyFigures(plan, 'exact');
    expect(several.allRounds.broadcast).toBe(several.allRounds.hub);
    expect(several.broadcastProof).toBe('several-steps');
    const summed = privacyFigures({ ...plan, privacyUnit: 'client', minimumClients: 10 }, 'exact');
    expect(summed.broadcastProof).toBe('proven');
    expect(summed.allRounds.broadcast).toBeLessThan(summed.allRounds.hub);
  });

  it('finds that a whole person is drowned where one example is not: √5 against 300·√5', () => {
    const example = privacyFigures(plan, 'exact').signalToNoise;
    const client = privacyFigures({ ...plan, privacyUnit: 'client' }, 'exact').signalToNoise;
    expect(client).toBeLessThan(1);
    expect(example / client).toBeCloseTo(300, 6);
  });

  it('says so where no noise reaches the target', () => {
    expect(() => privacyFigures({ ...plan, delta: 1e-12 }, 'exact')).toThrow(RangeError);
  });
});
