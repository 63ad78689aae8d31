import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../accounting/accountant.ts';
import { calibrateNoiseMultiplier } from '../accounting/calibrate.ts';
import type { PrivacyEvent } from '../accounting/event.ts';
import { inMemoryLedgerStore, type LedgerStore } from './ledger-store.ts';
import { BudgetExceeded, BudgetLedger } from './ledger.ts';
import { ledgerStoreContract } from '../testing/index.ts';

const delta = 1e-5;
const rounds = 4;
// Two full-batch steps a round, calibrated so that exactly four rounds fit into ε = 8.
const noiseMultiplier = calibrateNoiseMultiplier({
  epsilon: 8,
  delta,
  samplingRate: 1,
  steps: 2 * rounds,
});
const event: PrivacyEvent = {
  kind: 'gaussian',
  samplingRate: 1,
  noiseMultiplier,
  count: 2,
  round: 0,
};

const ledgerOver = (store: LedgerStore, abandonedShare = 0.5): BudgetLedger =>
  new BudgetLedger(store, { federationId: 'fed-1', epsilonBudget: 8, delta, abandonedShare });

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
    expect(await ledgerOver(inMemoryLedgerStore()).spent()).toBe(0);
  });

  it('affords the rounds it was calibrated for and refuses the next, writing nothing', async () => {
    const store = inMemoryLedgerStore();
    const ledger = ledgerOver(store);
    for (let round = 1; round <= rounds; round += 1) {
      expect(await ledger.canAfford([event])).toBe(true);
      await ledger.book(round, [event]);
    }
    const spent = await ledger.spent();
    expect(spent).toBeCloseTo(epsilonOf([{ ...event, count: 8 }], delta), 9);
    expect(spent).toBeLessThanOrEqual(8);
    expect(await ledger.canAfford([event])).toBe(false);
    await expect(ledger.book(5, [event])).rejects.toThrow(BudgetExceeded);
    expect(await ledger.spent()).toBe(spent);
    expect(await store.read('fed-1')).toHaveLength(rounds);
  });

  it('still counts what was booked before a crash', async () => {
    const store = inMemoryLedgerStore();
    const spent = await ledgerOver(store).book(1, [event]);
    expect(await ledgerOver(store).spent()).toBe(spent);
  });

  it('never lets two bookings at once pass together beyond the budget', async () => {
    const store = inMemoryLedgerStore();
    const ledger = ledgerOver(store);
    const attempts = Array.from({ length: 7 }, (_, i) => ledger.book(i + 1, [event]));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(rounds);
    expect(await ledger.spent()).toBeLessThanOrEqual(8);
  });

  it('refuses a cost that is not known to be finite', async () => {
    const ledger = ledgerOver(inMemoryLedgerStore());
    const noiseless = { ...event, noiseMultiplier: 0 };
    expect(await ledger.canAfford([noiseless])).toBe(false);
    await expect(ledger.book(1, [noiseless])).rejects.toThrow(BudgetExceeded);
  });

  it('keeps abandoned rounds booked and says when they have cost their share', async () => {
    const ledger = ledgerOver(inMemoryLedgerStore(), 0.6);
    await ledger.book(1, [event]);
    await ledger.close(1, 'completed');
    expect(await ledger.spentOnAbandoned()).toBe(0);
    await ledger.book(2, [event]);
    const before = await ledger.spent();
    await ledger.close(2, 'abandoned');
    expect(await ledger.spent()).toBe(before);
    expect(await ledger.spentOnAbandoned()).toBeCloseTo(epsilonOf([event], delta), 9);
    expect(await ledger.isAbandonedShareSpent()).toBe(false);
    await ledger.book(3, [event]);
    await ledger.close(3, 'abandoned');
    // Two of four rounds cost more than 0.6 of the budget, since ε grows slower than the steps.
    expect(epsilonOf([{ ...event, count: 4 }], delta)).toBeGreaterThan(0.6 * 8);
    expect(await ledger.isAbandonedShareSpent()).toBe(true);
  });

  it('keeps federations apart', async () => {
    const store = inMemoryLedgerStore();
    await ledgerOver(store).book(1, [event]);
    const other = new BudgetLedger(store, {
      federationId: 'fed-2',
      epsilonBudget: 8,
      delta,
      abandonedShare: 0.5,
    });
    expect(await other.spent()).toBe(0);
  });

  it('fails closed when the line cannot be written', async () => {
    const broken: LedgerStore = {
      read: () => Promise.resolve([]),
      append: () => Promise.reject(new Error('disk full')),
    };
    await expect(ledgerOver(broken).book(1, [event])).rejects.toThrow('disk full');
  });

  it('refuses settings out of range by name', () => {
    const store = inMemoryLedgerStore();
    const settings = { federationId: 'f', epsilonBudget: 8, delta, abandonedShare: 0.5 };
    expect(() => new BudgetLedger(store, { ...settings, abandonedShare: 2 })).toThrow(
      'abandonedShare',
    );
    expect(() => new BudgetLedger(store, { ...settings, epsilonBudget: 0 })).toThrow(
      'epsilonBudget',
    );
  });
});
