import { exactGaussianEpsilon, inMemoryLedgerStore } from '@roundtable/privacy';
import type { LedgerStore, PrivacyEvent } from '@roundtable/privacy';
import type { FederationSettings, SpendingStatement } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { RoundBudget } from './budget.ts';
import type { BudgetOptions } from './budget.ts';
import { defaultLimits } from './limits.ts';
import { manifestOf, settings, spec } from './testing/scene.ts';

const statement = (change: Partial<SpendingStatement> = {}): SpendingStatement => ({
  version: 1,
  hubPublicKey: manifestOf().hubPublicKey,
  accountId: 'account1',
  federations: [],
  ...change,
});

function budgetOver(
  store: LedgerStore,
  change: Partial<FederationSettings> = {},
  options: Partial<BudgetOptions> = {},
): RoundBudget {
  const manifest = manifestOf(change);
  const budget = new RoundBudget({
    store,
    manifest,
    spec,
    limits: defaultLimits,
    data: null,
    ...options,
  });
  budget.setSpending(statement());
  return budget;
}

const fresh = (change: Partial<FederationSettings> = {}): RoundBudget =>
  budgetOver(inMemoryLedgerStore(), change);
// Two releases with σ = 4 a round; the failures of rounding move ε far behind the sixth digit.
const epsilonOfRounds = (rounds: number): number => exactGaussianEpsilon(4, 2 * rounds, 1e-5);
const clientLevel = { privacy: { ...settings.privacy!, privacyUnit: 'client' } } as const;

function planned(budget: RoundBudget): PrivacyEvent {
  const plan = budget.planned;
  if (plan === null) throw new Error('the scene is protected');
  return { ...plan.event, count: plan.count, round: 1 };
}

describe('what a round is planned to release', () => {
  it('is every local step, or the whole update once where a person is the unit', () => {
    expect(planned(fresh())).toMatchObject({ noiseMultiplier: 4, samplingRate: 1, count: 2 });
    expect(planned(fresh(clientLevel))).toMatchObject({ noiseMultiplier: 4, count: 1 });
  });

  it('is nothing without differential privacy, and then nothing is booked', async () => {
    const store = inMemoryLedgerStore();
    const budget = budgetOver(store, { privacy: null });
    expect(budget.planned).toBeNull();
    expect(await budget.verdict()).toBe('affordable');
    expect(await budget.book(1, [])).toBeNull();
    expect(await budget.withhold(1)).toBeNull();
    expect(await budget.state()).toBeNull();
    expect(budget.broadcastEpsilonOf([])).toBeNull();
    expect(await store.read(manifestOf().hubPublicKey)).toEqual([]);
  });

  it('binds what may leave: more, weaker, differently sampled or less certain releases do not', () => {
    const budget = fresh();
    const plan = planned(budget);
    expect(() => {
      budget.assertPlanned([{ ...plan, count: 1 }]);
    }).not.toThrow();
    const otherKind: PrivacyEvent = { ...plan, kind: 'laplace' };
    const worse: PrivacyEvent[][] = [
      [],
      [plan, { ...plan, count: 1 }],
      [{ ...plan, noiseMultiplier: 3.999 }],
      [{ ...plan, noiseMultiplier: Number.NaN }],
      [{ ...plan, samplingRate: 1.1 }],
      [otherKind],
      [{ ...plan, roundingFailure: 1e-6 }],
    ];
    for (const events of worse) {
      expect(() => {
        budget.assertPlanned(events);
      }).toThrow('as agreed');
    }
  });
});

describe('the record of the hub', () => {
  it('must be there before anything is affordable', async () => {
    const store = inMemoryLedgerStore();
    const manifest = manifestOf();
    const given = { store, manifest, spec, limits: defaultLimits, data: null };
    const budget = new RoundBudget(given);
    expect(await budget.verdict()).toBe('budget-spent');
    await expect(budget.book(1, [planned(budget)])).rejects.toThrow('no-record');
    expect(await budget.state()).toMatchObject({ hasHubRecord: false, epsilon: 0 });
    budget.setSpending(statement());
    expect(await budget.verdict()).toBe('affordable');
    expect(await budget.state()).toMatchObject({ hasHubRecord: true });
  });

  it('is refused where it is that of another hub', () => {
    const budget = fresh();
    expect(() => {
      budget.setSpending(statement({ hubPublicKey: 'x'.repeat(87) }));
    }).toThrow('another');
  });

  it('is added to what this device knows', async () => {
    const budget = fresh();
    await budget.book(3, [planned(budget)]);
    const { federationId } = manifestOf();
    const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 } as const;
    const record = { federationId, release, releasesPerRound: 2 };
    budget.setSpending(
      statement({ federations: [{ ...record, rounds: [[1, 3]], openingRounds: 1 }] }),
    );
    const state = await budget.state();
    expect(state).toMatchObject({ hubRounds: 2, openingRounds: 1, federations: 1 });
    expect(state?.epsilon).toBeCloseTo(epsilonOfRounds(4), 6);
    expect(state?.totalEpsilon).toBeCloseTo(epsilonOfRounds(4), 6);
  });
});

describe('the bounds', () => {
  it('stop at the total over all federations of the hub', async () => {
    const store = inMemoryLedgerStore();
    const limits = { ...defaultLimits, largestTotalEpsilon: epsilonOfRounds(1) + 1e-3 };
    const first = budgetOver(store, {}, { limits });
    await first.book(1, [planned(first)]);
    const manifest = { ...manifestOf(), federationId: 'federation-2' };
    const second = budgetOver(store, {}, { limits, manifest });
    expect(await second.verdict()).toBe('total-budget');
    await expect(second.book(1, [planned(second)])).rejects.toMatchObject({ which: 'total' });
  });

  it('count a round that failed here as planned, once, and it is no loss by the hub', async () => {
    const budget = fresh();
    expect(await budget.withhold(1)).toBeCloseTo(epsilonOfRounds(1), 6);
    expect(await budget.withhold(1)).toBeCloseTo(epsilonOfRounds(1), 6);
    expect(await budget.isBooked(1)).toBe(true);
    await budget.settleBefore(9, 0);
    expect(await budget.state()).toMatchObject({ abandonedRounds: 0 });
  });

  it('start at once with subsampling, whose rounds are counted by the quick bound', async () => {
    const training = { ...settings.training, samplingRate: 0.1 };
    const state = await fresh({ training }).state();
    expect(state?.abandonedRoundsAllowed).toBeGreaterThanOrEqual(1);
  });
});

describe('ε against those who see only the shared adapter', () => {
  it('is that against the hub where an example is the unit', async () => {
    const budget = fresh();
    await budget.book(1, [planned(budget)]);
    const state = await budget.state();
    expect(state?.epsilonBroadcast).toBe(state?.epsilon);
    expect(state?.broadcastProof).toBe('several-steps');
  });

  it('is smaller where a person is the unit and enough others take part', async () => {
    const cohort = { ...settings.cohort, minimum: 5, target: 5 };
    const budget = fresh({ ...clientLevel, cohort });
    const events = [planned(budget)];
    await budget.book(1, events);
    // Four others hide her: σ·√4.
    const expected = exactGaussianEpsilon(8, 1, 1e-5);
    expect(budget.broadcastEpsilonOf(events)).toBeCloseTo(expected, 6);
    const state = await budget.state();
    expect(state?.epsilonBroadcast).toBeCloseTo(expected, 6);
    expect(state?.epsilon).toBeCloseTo(exactGaussianEpsilon(4, 1, 1e-5), 6);
    expect(state?.broadcastProof).toBe('proven');
  });
});
