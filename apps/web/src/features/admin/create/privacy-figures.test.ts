import { hasLinearUpload, plannedRound, roundReleasePlan } from '@roundtable/methods';
import { exactGaussianEpsilon, guarantees, plannedRelease } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { methodSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../../testing/settings.ts';
import type { PrivacyPlan } from './privacy-figures.ts';
import { planOf, privacyFigures } from './privacy-figures.ts';

const spec = {
  ...({ rank: 4, alpha: 8, aInit: 'orthonormal', aSeed: 'seed', fanInFanOut: false } as const),
  targets: [{ module: 'model.layers.0.o_proj', inFeatures: 64, outFeatures: 64, layer: 0 }],
};
const settings = routingLikeSettings({
  cohort: { minimum: 3, target: 5, overSelection: 1, deadlineSeconds: 60, minimumFraction: 0.5 },
});

function withPrivacy(changes: Partial<NonNullable<FederationSettings['privacy']>>) {
  return { ...settings, privacy: { ...settings.privacy!, ...changes } };
}
function withTraining(changes: Partial<FederationSettings['training']>) {
  return { ...settings, training: { ...settings.training, ...changes } };
}
const { download: _download, ...zerothOrder } = methodSettings({ name: 'zeroth-order' });
const wire = { ...settings.wire, download: 'scalar-log' } as const;
const laplace = { ...zerothOrder.zerothOrder!, noise: 'laplace' } as const;

const cases: [string, FederationSettings][] = [
  ['examples', settings],
  ['sampled examples', withTraining({ samplingRate: 0.1 })],
  ['whole clients', withPrivacy({ privacyUnit: 'client' })],
  ['zeroth order', { ...settings, ...zerothOrder, wire }],
  [
    'zeroth order, whole clients',
    { ...withPrivacy({ privacyUnit: 'client' }), ...zerothOrder, wire },
  ],
  ['zeroth order, Laplace', { ...settings, ...zerothOrder, zerothOrder: laplace, wire }],
];
const plan = planOf(settings, spec, 300)!;

function planFor(of: FederationSettings): PrivacyPlan {
  return planOf(of, spec, 300)!;
}

describe('planOf', () => {
  it.each(cases)('releases what a round of these settings releases (%s)', (_name, of) => {
    const { release } = planFor(of);
    const { noiseMultiplier } = of.privacy!;
    expect(plannedRelease({ ...release, noiseMultiplier })).toEqual(plannedRound(of, spec));
  });

  it('is null without differential privacy', () => {
    expect(planOf({ ...settings, privacy: null }, spec, 300)).toBeNull();
  });
});

describe('privacyFigures', () => {
  it('calibrates σ by the exact Gaussian formula where nothing is sampled', () => {
    const { noiseMultiplier, allRounds } = privacyFigures(plan, 'exact');
    const spent = exactGaussianEpsilon(noiseMultiplier, 40, 1e-5);
    expect(spent).toBeLessThanOrEqual(8);
    expect(spent).toBeGreaterThan(7.99);
    expect(allRounds.hub).toBeCloseTo(8, 3);
  });

  it.each(cases)('lets the last round fit into the budget (%s)', (_name, of) => {
    const { noiseMultiplier } = privacyFigures(planFor(of), 'exact');
    const planned = plannedRelease({ ...roundReleasePlan(of, spec)!, noiseMultiplier });
    const { hub: spent } = guarantees({
      ...{ planned, rounds: of.rounds, delta: 1e-5 },
      hasLinearUpload: hasLinearUpload(of),
      minimumClients: 3,
    });
    expect(spent).toBeLessThanOrEqual(8);
    expect(spent).toBeGreaterThan(7.9);
  });

  it('is never above the quick bound, which asks for more noise', () => {
    const sampled = planFor(withTraining({ samplingRate: 0.1 }));
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
    const summed = privacyFigures(planFor(withPrivacy({ privacyUnit: 'client' })), 'exact');
    expect(summed.broadcastProof).toBe('proven');
    expect(summed.allRounds.broadcast).toBeLessThan(summed.allRounds.hub);
  });

  it('finds that a whole person is drowned where one example is not: √5 against 300·√5', () => {
    const example = privacyFigures(plan, 'exact').signal!.ratio;
    const client = privacyFigures(planFor(withPrivacy({ privacyUnit: 'client' })), 'exact').signal!
      .ratio;
    expect(client).toBeLessThan(1);
    expect(example / client).toBeCloseTo(300, 6);
  });

  it('knows no bound on the signal for Laplace noise', () => {
    expect(privacyFigures(planFor(cases[5]![1]), 'exact').signal).toBeNull();
  });

  it('bounds one round only where every round measures along directions of its own', () => {
    const of = planFor(cases[4]![1]);
    const { signal } = privacyFigures(of, 'exact');
    const together = privacyFigures({ ...of, hasOwnDirections: false }, 'exact').signal!;
    expect(signal?.over).toBe('round');
    // Ten rounds share the noise that one alone would need: √10 times as much each.
    expect(together.ratio / signal!.ratio).toBeCloseTo(Math.sqrt(10), 9);
  });

  it('says so where no noise reaches the target', () => {
    expect(() => privacyFigures({ ...plan, delta: 1e-12 }, 'exact')).toThrow(RangeError);
  });
});
