import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';

const booking = (round: number): LedgerEntry => ({
  kind: 'booking',
  federationId: 'fed-a',
  accountId: 'account-1',
  round,
  events: [{ kind: 'gaussian', samplingRate: 1, noiseMultiplier: 2.5, count: 2, round }],
  budgetGroup: 'person',
  dataSetId: null,
});
const outcome: LedgerEntry = {
  kind: 'outcome',
  federationId: 'fed-a',
  round: 1,
  outcome: 'abandoned',
};

/**
 * What every ledger store must do.
 * @param open gives a handle on the same storage each time it is called within one test; `reset` empties it
 */
export function ledgerStoreContract(
  name: string,
  open: () => LedgerStore | Promise<LedgerStore>,
  reset: () => void | Promise<void> = () => undefined,
): void {
  describe(`ledger store ${name}`, () => {
    it('reads nothing for a hub that was never written to', async () => {
      await reset();
      expect(await (await open()).read('hub-unknown')).toEqual([]);
    });

    it('reads lines back in the order of their writing, with equal numbers', async () => {
      await reset();
      const store = await open();
      for (const line of [booking(1), outcome, booking(2)]) await store.update('hub-a', () => line);
      expect(await store.read('hub-a')).toEqual([booking(1), outcome, booking(2)]);
    });

    it('shows every decision all lines before it, and answers what it decided', async () => {
      await reset();
      const store = await open();
      const seen: number[] = [];
      const answers: (LedgerEntry | null)[] = [];
      for (const round of [1, 2, 3]) {
        const decided = await store.update('hub-a', (entries) => {
          seen.push(entries.length);
          return round === 2 ? null : booking(round);
        });
        answers.push(decided);
      }
      expect(seen).toEqual([0, 1, 1]);
      expect(answers).toEqual([booking(1), null, booking(3)]);
      expect(await store.read('hub-a')).toEqual([booking(1), booking(3)]);
    });

    it('lets no update come between a decision and its line, from however many handles', async () => {
      await reset();
      const handles = [await open(), await open(), await open()];
      const next = (entries: readonly LedgerEntry[]): LedgerEntry | null =>
        entries.length < 5 ? booking(entries.length) : null;
      const updates = Array.from({ length: 9 }, (_, i) => handles[i % 3]!.update('hub-a', next));
      const answers = await Promise.all(updates);
      expect(answers.filter((answer) => answer !== null)).toHaveLength(5);
      const rounds = (await handles[0]!.read('hub-a')).map((entry) => entry.round);
      expect(rounds).toEqual([0, 1, 2, 3, 4]);
    });

    it('writes nothing where the decision throws, and goes on', async () => {
      await reset();
      const store = await open();
      const broken = store.update('hub-a', () => {
        throw new RangeError('undecided');
      });
      await expect(broken).rejects.toThrow('undecided');
      await store.update('hub-a', () => booking(1));
      expect(await store.read('hub-a')).toEqual([booking(1)]);
    });

    it('gives lines that the caller can change without changing the ledger', async () => {
      await reset();
      const store = await open();
      await store.update('hub-a', () => booking(1));
      (await store.read('hub-a')).pop();
      expect(await store.read('hub-a')).toHaveLength(1);
    });

    it('shows a line to a handle opened after it was written', async () => {
      await reset();
      const first = await open();
      await first.update('hub-a', () => booking(1));
      expect(await (await open()).read('hub-a')).toEqual([booking(1)]);
    });
  });
}
