import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrivacyEvent } from '../accounting/event.ts';
import { groupEvents } from './epsilon-memo.ts';
import { inMemoryLedgerStore } from './ledger-store.ts';
import { BudgetLedger, type BudgetSettings } from './ledger.ts';
import { countRoundsBeyond } from './round-ranges.ts';
import { federationSpending, totalSpending, type SpendingRecord } from './spending.ts';

const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 5 } as const;
const settings: BudgetSettings = {
  hubId: 'hub',
  federationId: 'fed',
  epsilonBudget: 100,
  delta: 1e-5,
  totalEpsilonCap: 100,
  totalDelta: 1e-5,
  hubSpending: { hubPublicKey: 'hub', accountId: 'ann', federations: [] },
  dataSetId: null,
  overlappingDataSetIds: [],
  isGenerated: false,
};
const round = fc.integer({ min: 1, max: 30 });
const ranges = fc.array(fc.tuple(round, round), { maxLength: 6 });
const expand = (list: readonly (readonly [number, number])[]): Set<number> =>
  new Set(
    list.flatMap(([a, b]) => Array.from({ length: Math.max(0, b - a + 1) }, (_, i) => a + i)),
  );
const countOf = (events: readonly PrivacyEvent[]): number =>
  events.reduce((sum, each) => sum + each.count, 0);

describe('rounds beyond those known', () => {
  it('are those of the plain sets, however the ranges overlap', () => {
    fc.assert(
      fc.property(ranges, fc.array(round), (list, known) => {
        const beyond = [...expand(list)].filter((each) => !known.includes(each));
        expect(countRoundsBeyond(list, known)).toBe(beyond.length);
      }),
    );
  });

  it('take no longer for a record that claims very many', () => {
    expect(countRoundsBeyond([[1, Number.MAX_SAFE_INTEGER - 1]], [5])).toBe(
      Number.MAX_SAFE_INTEGER - 2,
    );
  });
});

describe('bookings together with the record of the hub', () => {
  it('count every round once and forget none, whichever of the two knows it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(round, { maxLength: 12 }),
        ranges,
        fc.uniqueArray(round, { maxLength: 12 }),
        ranges,
        async (here, there, otherHere, otherThere) => {
          const store = inMemoryLedgerStore();
          const spender = { accountId: 'ann', dataSetIds: [], isGenerated: false };
          const book = async (federationId: string, list: number[]) => {
            const ledger = new BudgetLedger(store, { ...settings, federationId });
            for (const each of list) {
              await ledger.book(each, [{ ...release, count: 3, round: 0 }]);
            }
          };
          await book('fed', here);
          await book('other', otherHere);
          const entry = { release, releasesPerRound: 3, openingRounds: 0 };
          const record: SpendingRecord = {
            hubPublicKey: 'hub',
            accountId: 'ann',
            federations: [
              { federationId: 'fed', rounds: there, ...entry },
              { federationId: 'other', rounds: otherThere, ...entry },
            ],
          };
          const entries = await store.read('hub');
          const union = new Set([...here, ...expand(there)]).size;
          const otherUnion = new Set([...otherHere, ...expand(otherThere)]).size;
          expect(countOf(federationSpending('fed', entries, record, spender).events)).toBe(
            3 * union,
          );
          expect(countOf(totalSpending('fed', entries, record, spender).events)).toBe(
            3 * (union + otherUnion),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A store whose updates wait until the test lets one of them go on. */
function steppedStore() {
  const inner = inMemoryLedgerStore();
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return {
    store: {
      read: async (hubId: string) => {
        await turn();
        return inner.read(hubId);
      },
      update: async (...args: Parameters<typeof inner.update>) => {
        await turn();
        return inner.update(...args);
      },
    },
    inner,
    waiting,
  };
}

describe('several tabs with one ledger', () => {
  it('book exactly what one budget affords, in whatever order their steps fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
        async (tabs, choices) => {
          const { store, inner, waiting } = steppedStore();
          const event: PrivacyEvent = { ...release, count: 1, round: 0 };
          const probe = new BudgetLedger(inMemoryLedgerStore(), settings);
          for (let i = 1; i <= 5; i += 1) await probe.book(i, [event]);
          // The budget of exactly five rounds.
          const epsilonBudget = (await probe.spent()).federation;
          const fulfilled: number[] = [];
          const tab = async (index: number): Promise<void> => {
            const ledger = new BudgetLedger(store, { ...settings, epsilonBudget });
            for (let attempt = 0; attempt < 3; attempt += 1) {
              const own = 10 * index + attempt;
              if (!(await ledger.canAfford([event]))) continue;
              await ledger.book(own, [event]).then(
                () => fulfilled.push(own),
                () => undefined,
              );
            }
          };
          let over = 0;
          const all = Promise.all(
            Array.from({ length: tabs }, async (_, i) => {
              await tab(i + 1);
              over += 1;
            }),
          );
          for (let step = 0; over < tabs; step += 1) {
            for (let i = 0; i < 20; i += 1) await Promise.resolve();
            const next = waiting.splice(choices[step % choices.length]! % (waiting.length || 1), 1);
            next[0]?.();
          }
          await all;
          const booked = (await inner.read('hub')).map((entry) => entry.round);
          expect(booked.sort()).toEqual(fulfilled.sort());
          expect(booked).toHaveLength(Math.min(5, 3 * tabs));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('grouped events', () => {
  it('keep every release and depend on no order', () => {
    const event = fc.record({
      kind: fc.constant('gaussian' as const),
      samplingRate: fc.constantFrom(0.5, 1),
      noiseMultiplier: fc.constantFrom(1, 2),
      count: fc.integer({ min: 0, max: 5 }),
      round,
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const groups = groupEvents(events);
        expect(countOf(groups)).toBe(countOf(events));
        expect(groups.length).toBeLessThanOrEqual(4);
        expect(groupEvents([...events].reverse())).toEqual(groups);
      }),
    );
  });
});
