import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../accounting/accountant.ts';
import { calibrateNoiseMultiplier } from '../accounting/calibrate.ts';
import type { PrivacyEvent } from '../accounting/event.ts';
import { ledgerStoreContract } from '../testing/ledger-store-contract.ts';
import { inMemoryLedgerStore, type LedgerStore } from './ledger-store.ts';
import { BudgetExceeded, BudgetLedger, RoundBooked, type BudgetSettings } from './ledger.ts';
import type { FederationRecord, SpendingRecord } from './spending.ts';

const delta = 1e-5;
const rounds = 4;
// Two full-batch steps a round, calibrated so that exactly four rounds fit into ε = 8.
const noiseMultiplier = calibrateNoiseMultiplier({
  epsilon: 8,
  delta,
  samplingRate: 1,
  steps: 2 * rounds,
});
const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier } as const;
const event: PrivacyEvent = { ...release, count: 2, round: 0 };
const epsilonOfRounds = (count: number): number =>
  epsilonOf([{ ...event, count: 2 * count }], delta);

function record(accountId: string, ...federations: FederationRecord[]): SpendingRecord {
  return { hubPublicKey: 'hub-1', accountId, federations };
}
const recorded = (
  federationId: string,
  ranges: FederationRecord['rounds'],
  openingRounds = 0,
): FederationRecord => ({
  federationId,
  release,
  releasesPerRound: 2,
  rounds: ranges,
  openingRounds,
});

const settings: BudgetSettings = {
  hubId: 'hub-1',
  federationId: 'fed-1',
  epsilonBudget: 8,
  delta,
  totalEpsilonCap: 12,
  totalDelta: delta,
  hubSpending: record('ann'),
  dataSetId: null,
  overlappingDataSetIds: [],
  isGenerated: false,
};
const ledgerOver = (store: LedgerStore, change: Partial<BudgetSettings> = {}): BudgetLedger =>
  new BudgetLedger(store, { ...settings, ...change });

let shared = inMemoryLedgerStore();
ledgerStoreContract(
  'in memory',
  () => shared,
  () => {
    shared = inMemoryLedgerStore();
  },
);

describe('BudgetLedger', () => {
  it('starts with nothing spent', async () => {
    const spent = await ledgerOver(inMemoryLedgerStore()).spent();
    expect(spent).toEqual({
      federation: 0,
      total: 0,
      releases: [],
      hubRounds: 0,
      openingRounds: 0,
      federations: 0,
    });
  });

  it('affords the rounds it was calibrated for and refuses the next, writing nothing', async () => {
    const store = inMemoryLedgerStore();
    const ledger = ledgerOver(store);
    for (let round = 1; round <= rounds; round += 1) {
      expect(await ledger.canAfford([event])).toBe(true);
      await ledger.book(round, [event]);
    }
    const spent = await ledger.spent();
    expect(spent.federation).toBeCloseTo(epsilonOfRounds(4), 9);
    expect(spent.federation).toBeLessThanOrEqual(8);
    expect(await ledger.limitFor([event])).toBe('federation');
    await expect(ledger.book(5, [event])).rejects.toThrow(BudgetExceeded);
    expect(await ledger.spent()).toEqual(spent);
    expect(await store.read('hub-1')).toHaveLength(rounds);
  });

  it('still counts what was booked before a crash', async () => {
    const store = inMemoryLedgerStore();
    const booked = await ledgerOver(store).book(1, [event]);
    expect(await ledgerOver(store).spent()).toMatchObject(booked);
  });

  it('books a round once: a second release of it is refused, whoever asks', async () => {
    const store = inMemoryLedgerStore();
    await ledgerOver(store).book(1, [event]);
    await expect(ledgerOver(store).book(1, [event])).rejects.toThrow(RoundBooked);
    expect(await store.read('hub-1')).toHaveLength(1);
  });

  it('never lets two bookings at once pass together beyond the budget', async () => {
    const store = inMemoryLedgerStore();
    const attempts = Array.from({ length: 7 }, (_, i) => ledgerOver(store).book(i + 1, [event]));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(rounds);
    expect((await ledgerOver(store).spent()).federation).toBeLessThanOrEqual(8);
  });

  it('refuses a cost that is not known to be finite', async () => {
    const ledger = ledgerOver(inMemoryLedgerStore());
    const noiseless = { ...event, noiseMultiplier: 0 };
    expect(await ledger.canAfford([noiseless])).toBe(false);
    await expect(ledger.book(1, [noiseless])).rejects.toThrow(BudgetExceeded);
  });

  it('affords nothing while the record of the hub is not known', async () => {
    const store = inMemoryLedgerStore();
    await ledgerOver(store).book(1, [event]);
    const ledger = ledgerOver(store, { hubSpending: null });
    expect((await ledger.spent()).federation).toBeCloseTo(epsilonOfRounds(1), 9);
    expect(await ledger.limitFor([event])).toBe('no-record');
    await expect(ledger.book(2, [event])).rejects.toMatchObject({ which: 'no-record' });
  });

  it('takes no record of another hub', () => {
    expect(() => ledgerOver(inMemoryLedgerStore(), { hubId: 'hub-2' })).toThrow('hubSpending');
  });

  it('fails closed when the line cannot be written', async () => {
    const broken: LedgerStore = {
      read: () => Promise.resolve([]),
      update: () => Promise.reject(new Error('disk full')),
    };
    await expect(ledgerOver(broken).book(1, [event])).rejects.toThrow('disk full');
  });

  it('refuses settings out of range by name', () => {
    const store = inMemoryLedgerStore();
    expect(() => ledgerOver(store, { epsilonBudget: 0 })).toThrow('epsilonBudget');
    expect(() => ledgerOver(store, { totalEpsilonCap: 0 })).toThrow('totalEpsilonCap');
    expect(() => ledgerOver(store, { totalDelta: 1 })).toThrow('delta');
  });
});

describe('the end of a round', () => {
  it('is noted once, keeps the cost, and is nothing for a round that was not booked', async () => {
    const store = inMemoryLedgerStore();
    const ledger = ledgerOver(store);
    const spent = await ledger.book(1, [event]);
    await ledger.close(1, 'abandoned');
    await ledger.close(1, 'completed');
    await ledger.close(9, 'completed');
    expect(await ledger.rounds()).toEqual(new Map([[1, 'abandoned']]));
    expect(await ledger.spent()).toMatchObject(spent);
    expect(await store.read('hub-1')).toHaveLength(2);
  });

  it('may be a failure here: then the planned releases count, once, even beyond the budget', async () => {
    const ledger = ledgerOver(inMemoryLedgerStore());
    for (let round = 1; round <= rounds; round += 1) await ledger.book(round, [event]);
    await ledger.withhold(5, [event]);
    await ledger.withhold(5, [event]);
    await ledger.withhold(1, [event]);
    expect((await ledger.spent()).federation).toBeCloseTo(epsilonOfRounds(5), 9);
    expect((await ledger.rounds()).get(5)).toBe('withheld');
    expect((await ledger.rounds()).get(1)).toBe('withheld');
  });
});

describe('one ledger per person', () => {
  it('adds up all federations of the hub and stops at the total', async () => {
    const store = inMemoryLedgerStore();
    for (const round of [1, 2, 3]) await ledgerOver(store).book(round, [event]);
    const other = ledgerOver(store, { federationId: 'fed-2', totalEpsilonCap: 8 });
    expect(await other.spent()).toMatchObject({ federation: 0 });
    expect((await other.spent()).total).toBeCloseTo(epsilonOfRounds(3), 9);
    expect((await other.spent()).federations).toBe(1);
    await other.book(1, [event]);
    await expect(other.book(2, [event])).rejects.toMatchObject({ which: 'total' });
  });

  it('states the total at a δ of its own, whatever the federation says', async () => {
    const store = inMemoryLedgerStore();
    const loose = ledgerOver(store, { delta: 1e-3 });
    const spent = await loose.book(1, [event]);
    expect(spent.federation).toBeCloseTo(epsilonOf([event], 1e-3), 9);
    expect(spent.total).toBeCloseTo(epsilonOfRounds(1), 9);
  });

  it('goes on from the record of the hub on a cleared device', async () => {
    const hubSpending = record('ann', recorded('fed-1', [[1, 3]]), recorded('fed-0', [[2, 2]]));
    const ledger = ledgerOver(inMemoryLedgerStore(), { hubSpending });
    const spent = await ledger.spent();
    expect(spent.hubRounds).toBe(3);
    expect(spent.federation).toBeCloseTo(epsilonOfRounds(3), 9);
    expect(spent.total).toBeCloseTo(epsilonOfRounds(4), 9);
    await ledger.book(4, [event]);
    await expect(ledger.book(5, [event])).rejects.toMatchObject({ which: 'federation' });
  });

  it('counts a round once that was booked here and stands in the record', async () => {
    const store = inMemoryLedgerStore();
    await ledgerOver(store).book(2, [event]);
    const hubSpending = record('ann', recorded('fed-1', [[1, 2]]));
    const spent = await ledgerOver(store, { hubSpending }).spent();
    expect(spent.hubRounds).toBe(1);
    expect(spent.federation).toBeCloseTo(epsilonOfRounds(2), 9);
  });

  it('starts no new budget for an account without a name: opening rounds count', async () => {
    const hubSpending = record('guest', recorded('fed-1', [], 4));
    const ledger = ledgerOver(inMemoryLedgerStore(), { hubSpending });
    expect(await ledger.limitFor([event])).toBe('federation');
  });

  it('matches opening rounds with what the device booked for the person under other accounts', async () => {
    const store = inMemoryLedgerStore();
    const rows = { dataSetId: 'set-1' };
    for (const round of [1, 2]) {
      await ledgerOver(store, { ...rows, hubSpending: record('guest-1') }).book(round, [event]);
    }
    const hubSpending = record('guest-2', recorded('fed-1', [], 3));
    const again = ledgerOver(store, { ...rows, hubSpending });
    expect((await again.spent()).federation).toBeCloseTo(epsilonOfRounds(3), 9);
    expect(await again.spent()).toMatchObject({ hubRounds: 0, openingRounds: 1 });
  });
});

describe('rows', () => {
  const bookedBy = async (store: LedgerStore, accountId: string, dataSetId: string) => {
    await ledgerOver(store, { hubSpending: record(accountId), dataSetId }).book(1, [event]);
  };

  it('count under one account whatever data set they stand in', async () => {
    const store = inMemoryLedgerStore();
    await bookedBy(store, 'ann', 'set-1');
    const ledger = ledgerOver(store, { dataSetId: 'set-2' });
    expect((await ledger.spent()).federation).toBeCloseTo(epsilonOfRounds(1), 9);
  });

  it('count under a new account where a data set shares one of them', async () => {
    const store = inMemoryLedgerStore();
    await bookedBy(store, 'ann', 'set-1');
    const bob = { hubSpending: record('bob'), dataSetId: 'set-2' };
    expect((await ledgerOver(store, bob).spent()).total).toBe(0);
    const overlapping = ledgerOver(store, { ...bob, overlappingDataSetIds: ['set-1'] });
    const spent = await overlapping.spent();
    expect(spent.federation).toBeCloseTo(epsilonOfRounds(1), 9);
    expect(spent.total).toBeCloseTo(epsilonOfRounds(1), 9);
  });

  it('that are shared with another account cost ε, and leave no trace in the ε that the hub is told', async () => {
    const store = inMemoryLedgerStore();
    await bookedBy(store, 'ann', 'set-1');
    // As many rounds of others as the hub has to expect behind an open link.
    const bob = { hubSpending: record('bob', recorded('fed-1', [], 1)), dataSetId: 'set-2' };
    await ledgerOver(store, bob).book(2, [event]);
    const data = [{}, { overlappingDataSetIds: ['set-1'] }, { isGenerated: true }];
    const ledgers = data.map((change) => ledgerOver(store, { ...bob, ...change }));
    for (const ledger of ledgers) {
      expect(await ledger.declared()).toBeCloseTo(epsilonOfRounds(2), 9);
    }
    const strict = { ...bob, hubSpending: record('bob'), overlappingDataSetIds: ['set-1'] };
    const overlapping = ledgerOver(store, strict);
    expect((await overlapping.spent()).federation).toBeCloseTo(epsilonOfRounds(2), 9);
    expect(await overlapping.declared()).toBeCloseTo(epsilonOfRounds(1), 9);
  });

  it('count for everybody where nobody knows whose they were, as in lines from before accounts', async () => {
    const store = inMemoryLedgerStore();
    await store.update('hub-1', () => ({
      kind: 'booking',
      federationId: 'fed-1',
      accountId: null,
      round: 1,
      events: [event],
      budgetGroup: 'person',
      dataSetId: null,
    }));
    const bob = ledgerOver(store, { hubSpending: record('bob'), dataSetId: 'set-2' });
    expect((await bob.spent()).total).toBeCloseTo(epsilonOfRounds(1), 9);
    await expect(bob.book(1, [event])).rejects.toThrow(RoundBooked);
  });

  it('that were generated cost their own federation alone, and hide none of the others', async () => {
    const store = inMemoryLedgerStore();
    const sample = ledgerOver(store, { federationId: 'demo', isGenerated: true });
    for (const round of [1, 2, 3, 4]) await sample.book(round, [event]);
    await expect(sample.book(5, [event])).rejects.toMatchObject({ which: 'federation' });
    // The record knows the same rounds; they were generated, so that they do not come back through it.
    const hubSpending = record('ann', recorded('demo', [[1, 4]]));
    expect((await ledgerOver(store, { hubSpending }).spent()).total).toBe(0);
    // Her own examples in the federation of the demonstration still meet the rounds that were sent under her name.
    const own = ledgerOver(store, { hubSpending, federationId: 'demo' });
    expect(await own.limitFor([event])).toBe('federation');
    expect((await own.spent()).total).toBe(0);
  });

  it('that were generated open no account of anybody else', async () => {
    const hubSpending = record('guest', recorded('fed-1', [], 4));
    const ledger = ledgerOver(inMemoryLedgerStore(), { hubSpending, isGenerated: true });
    expect(await ledger.canAfford([event])).toBe(true);
  });
});
