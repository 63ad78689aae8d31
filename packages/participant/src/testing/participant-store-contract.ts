import { describe, expect, it } from 'vitest';
import type { Receipt } from '../receipt.ts';
import type { ParticipantStore } from '../store.ts';

const receipt = (federationId: string, round: number, sentBytes = 100): Receipt => ({
  federationId,
  round,
  sentBytes,
  sha256: 'ab'.repeat(32),
  mechanism: 'local-gaussian',
  clippingNorm: 1,
  noiseMultiplier: 2.684306144714356,
  quantizationBits: 8,
  epsilonRound: 1.25,
  epsilonTotal: 2.5,
  delta: 1e-5,
  adapterSha256: 'cd'.repeat(32),
  baseModelId: 'model',
  examplesUsed: 12,
  atMs: 1_700_000_000_123,
});

/**
 * What every participant store must do beside its ledger's own contract (`ledgerStoreContract`).
 * @param open gives a handle on the same storage each time it is called within one test; `reset` empties it
 */
export function participantStoreContract(
  name: string,
  open: () => ParticipantStore | Promise<ParticipantStore>,
  reset: () => void | Promise<void> = () => undefined,
): void {
  describe(`participant store ${name}`, () => {
    it('has no pending update and no receipts at first', async () => {
      await reset();
      const store = await open();
      expect(await store.loadPendingUpdate('fed-a')).toBeNull();
      expect(await store.listReceipts('fed-a')).toEqual([]);
    });

    it('gives back the very bytes of the latest pending update', async () => {
      await reset();
      const store = await open();
      await store.savePendingUpdate('fed-a', { round: 1, frame: Uint8Array.of(9, 9) });
      const frame = Uint8Array.from({ length: 300 }, (_, i) => i);
      await store.savePendingUpdate('fed-a', { round: 2, frame });
      expect(await store.loadPendingUpdate('fed-a')).toEqual({ round: 2, frame });
      expect(await store.loadPendingUpdate('fed-b')).toBeNull();
    });

    it('keeps the bytes of a view alone, whatever its buffer holds besides and becomes later', async () => {
      await reset();
      const store = await open();
      const buffer = Uint8Array.of(0, 1, 2, 3, 4);
      await store.savePendingUpdate('fed-a', { round: 1, frame: buffer.subarray(1, 3) });
      buffer.fill(7);
      const loaded = await store.loadPendingUpdate('fed-a');
      expect([...(loaded?.frame ?? [])]).toEqual([1, 2]);
    });

    it('lists receipts of one federation by round, one for each round', async () => {
      await reset();
      const store = await open();
      await store.appendReceipt(receipt('fed-a', 2));
      await store.appendReceipt(receipt('fed-a', 10));
      await store.appendReceipt(receipt('fed-b', 1));
      await store.appendReceipt(receipt('fed-a', 1));
      await store.appendReceipt(receipt('fed-a', 2, 200));
      expect(await store.listReceipts('fed-a')).toEqual([
        receipt('fed-a', 1),
        receipt('fed-a', 2, 200),
        receipt('fed-a', 10),
      ]);
    });

    it('deletes what was learned and keeps the ledger and the receipts', async () => {
      await reset();
      const store = await open();
      await store.savePendingUpdate('fed-a', { round: 1, frame: Uint8Array.of(1) });
      await store.savePendingUpdate('fed-b', { round: 1, frame: Uint8Array.of(2) });
      await store.appendReceipt(receipt('fed-a', 1));
      await store.ledger.append('fed-a', { kind: 'outcome', round: 1, outcome: 'abandoned' });
      await store.deleteLearned('fed-a');
      expect(await store.loadPendingUpdate('fed-a')).toBeNull();
      expect(await store.loadPendingUpdate('fed-b')).not.toBeNull();
      expect(await store.listReceipts('fed-a')).toHaveLength(1);
      expect(await store.ledger.read('fed-a')).toHaveLength(1);
    });

    it('shows everything to a handle opened later', async () => {
      await reset();
      const first = await open();
      await first.savePendingUpdate('fed-a', { round: 3, frame: Uint8Array.of(1, 2, 3) });
      await first.appendReceipt(receipt('fed-a', 3));
      const second = await open();
      expect((await second.loadPendingUpdate('fed-a'))?.round).toBe(3);
      expect(await second.listReceipts('fed-a')).toEqual([receipt('fed-a', 3)]);
    });
  });
}
