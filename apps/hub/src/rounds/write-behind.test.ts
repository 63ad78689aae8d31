import { describe, expect, it } from 'vitest';
import { openStore } from '../storage/sqlite-store.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { Totals } from './totals.ts';
import { WriteBehind } from './write-behind.ts';

function totalsOverStore() {
  const store = openStore(':memory:');
  const clock = manualClock();
  let transactions = 0;
  const writeBehind = new WriteBehind(clock, (work) => {
    transactions += 1;
    store.transaction(work);
  });
  const totals = new Totals(store, writeBehind);
  return { store, clock, writeBehind, totals, transactions: () => transactions };
}

describe('totals', () => {
  it('write a flood of refusals once a second and lose none', () => {
    const { store, clock, totals, transactions } = totalsOverStore();
    for (let i = 0; i < 10_000; i += 1) totals.add('', 'refusals', 'malformed', 1);
    expect(store.counters.list()).toEqual([]);
    clock.advance(1_000);
    totals.add('', 'refusals', 'malformed', 1);
    clock.advance(1_000);
    expect(store.counters.list()).toEqual([
      { federationId: '', name: 'refusals', label: 'malformed', total: 10_001 },
    ]);
    expect(transactions()).toBe(2);
  });

  it('are complete after a flush, and a flush of nothing writes nothing', () => {
    const { store, writeBehind, totals, transactions } = totalsOverStore();
    totals.add('federation-1', 'bytes-up', 'all', 5);
    totals.add('federation-1', 'bytes-up', 'all', 7);
    writeBehind.flush();
    writeBehind.flush();
    expect(store.counters.list()[0]?.total).toBe(12);
    expect(transactions()).toBe(1);
  });
});
