import { describe, expect, it } from 'vitest';
import type { Receipt, SentReceipt } from '../receipt.ts';
import type { ParticipantStore, PendingUpdate } from '../store.ts';

const key = (letter: string): string => letter.repeat(87);

function receipt(federationId: string, round: number, frameBytes = 100): SentReceipt {
  return {
    federationId,
    round,
    outcome: 'sent',
    atMs: 1_700_000_000_123,
    examplesUsed: 12,
    epsilonRound: 1.25,
    epsilonTotal: 2.5,
    epsilonBroadcastRound: 1.25,
    delta: 1e-5,
    signed: {
      receipt: {
        version: 1,
        hubPublicKey: key('H'),
        federationId,
        clientId: 'client-0001',
        round,
        frameSha256: 'ab'.repeat(32),
        frameBytes,
        adapterSha256: 'cd'.repeat(32),
        baseModelId: 'model',
        uploadBits: 8,
        privacy: {
          privacyUnit: 'example',
          clippingNorm: 1,
          release: { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 2.684306144714356 },
          count: 2,
          delta: 1e-5,
          epsilonRound: 1.25,
          epsilonTotal: 2.5,
        },
        previousSha256: null,
      },
      publicKey: key('P'),
      signature: 'S'.repeat(86),
      countersignature: null,
    },
  };
}

const withheld = (federationId: string, round: number): Receipt => ({
  federationId,
  round,
  outcome: 'withheld',
  cause: 'not-finite',
  atMs: 1_700_000_000_123,
  examplesUsed: null,
  epsilonRound: 1.25,
  epsilonTotal: 2.5,
  epsilonBroadcastRound: 1.25,
  delta: 1e-5,
});

const pending = (round: number, frame: Uint8Array): PendingUpdate => ({
  round,
  frame,
  receipt: receipt('fed-a', round),
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
      await store.savePendingUpdate('fed-a', pending(1, Uint8Array.of(9, 9)));
      const frame = Uint8Array.from({ length: 300 }, (_, i) => i);
      await store.savePendingUpdate('fed-a', pending(2, frame));
      expect(await store.loadPendingUpdate('fed-a')).toEqual(pending(2, frame));
      expect(await store.loadPendingUpdate('fed-b')).toBeNull();
    });

    it('keeps the bytes of a view alone, whatever its buffer holds besides and becomes later', async () => {
      await reset();
      const store = await open();
      const buffer = Uint8Array.of(0, 1, 2, 3, 4);
      await store.savePendingUpdate('fed-a', pending(1, buffer.subarray(1, 3)));
      buffer.fill(7);
      const loaded = await store.loadPendingUpdate('fed-a');
      expect([...(loaded?.frame ?? [])]).toEqual([1, 2]);
    });

    it('lists receipts of one federation by round, one for each round', async () => {
      await reset();
      const store = await open();
      await store.appendReceipt(receipt('fed-a', 2));
      await store.appendReceipt(withheld('fed-a', 10));
      await store.appendReceipt(receipt('fed-b', 1));
      await store.appendReceipt(receipt('fed-a', 1));
      await store.appendReceipt(receipt('fed-a', 2, 200));
      expect(await store.listReceipts('fed-a')).toEqual([
        receipt('fed-a', 1),
        receipt('fed-a', 2, 200),
        withheld('fed-a', 10),
      ]);
    });

    it('deletes what was learned and keeps the ledger and the receipts', async () => {
      await reset();
      const store = await open();
      await store.savePendingUpdate('fed-a', pending(1, Uint8Array.of(1)));
      await store.savePendingUpdate('fed-b', pending(1, Uint8Array.of(2)));
      await store.appendReceipt(receipt('fed-a', 1));
      await store.ledger.update('hub', () => ({
        kind: 'outcome',
        federationId: 'fed-a',
        round: 1,
        outcome: 'abandoned',
      }));
      await store.deleteLearned('fed-a');
      expect(await store.loadPendingUpdate('fed-a')).toBeNull();
      expect(await store.loadPendingUpdate('fed-b')).not.toBeNull();
      expect(await store.listReceipts('fed-a')).toHaveLength(1);
      expect(await store.ledger.read('hub')).toHaveLength(1);
    });

    it('shows everything to a handle opened later', async () => {
      await reset();
      const first = await open();
      await first.savePendingUpdate('fed-a', pending(3, Uint8Array.of(1, 2, 3)));
      await first.appendReceipt(receipt('fed-a', 3));
      const second = await open();
      expect((await second.loadPendingUpdate('fed-a'))?.round).toBe(3);
      expect(await second.listReceipts('fed-a')).toEqual([receipt('fed-a', 3)]);
    });
  });
}
