import { describe, expect, it } from 'vitest';
import type { LedgerEntry, LedgerStore } from '../ledger/ledger-store.ts';

const booking = (round: number): LedgerEntry => ({
  kind: 'booking',
  round,
  events: [{ kind: 'gaussian', samplingRate: 1, noiseMultiplier: 2.5, count: 2, round }],
});

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
    it('reads nothing for a key that was never written', async () => {
      await reset();
      expect(await (await open()).read('fed-unknown')).toEqual([]);
    });

    it('reads lines back in the order of their writing, with equal numbers', async () => {
      await reset();
      const store = await open();
      const outcome: LedgerEntry = { kind: 'outcome', round: 1, outcome: 'abandoned' };
      await store.append('fed-a', booking(1));
      await store.append('fed-a', outcome);
      await store.append('fed-a', booking(2));
      expect(await store.read('fed-a')).toEqual([booking(1), outcome, booking(2)]);
    });

    it('keeps keys apart', async () => {
      await reset();
      const store = await open();
      await store.append('fed-a', booking(1));
      await store.append('fed-b', booking(7));
      expect(await store.read('fed-a')).toEqual([booking(1)]);
      expect(await store.read('fed-b')).toEqual([booking(7)]);
    });

    it('loses no line of two writes at once', async () => {
      await reset();
      const store = await open();
      await Promise.all([1, 2, 3, 4].map((round) => store.append('fed-a', booking(round))));
      const rounds = (await store.read('fed-a')).map((entry) => entry.round);
      expect(rounds.sort()).toEqual([1, 2, 3, 4]);
    });

    it('gives lines that the caller can change without changing the ledger', async () => {
      await reset();
      const store = await open();
      await store.append('fed-a', booking(1));
      (await store.read('fed-a')).pop();
      expect(await store.read('fed-a')).toHaveLength(1);
    });

    it('shows a line to a handle opened after it was written', async () => {
      await reset();
      const first = await open();
      await first.append('fed-a', booking(1));
      expect(await (await open()).read('fed-a')).toEqual([booking(1)]);
    });
  });
}
