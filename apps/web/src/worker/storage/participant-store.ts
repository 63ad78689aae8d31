import type { ParticipantStore } from '@roundtable/participant';
import type { RoundtableDatabase } from './database.ts';
import { ofFederation } from './database.ts';
import { indexedLedgerStore } from './ledger-store.ts';

const strict = { durability: 'strict' } as const;

/** What a participant keeps over restarts, in this browser's IndexedDB. */
export function indexedParticipantStore(database: RoundtableDatabase): ParticipantStore {
  return {
    ledger: indexedLedgerStore(database),
    savePendingUpdate: async (federationId, { round, frame, receipt }) => {
      const write = database.transaction(['pending', 'sent'], 'readwrite', strict);
      await Promise.all([
        write.objectStore('pending').put({ round, frame: frame.slice(), receipt }, federationId),
        // The copy for "show what was sent" outlives the pending update of the next round.
        write.objectStore('sent').put({ frame: frame.slice() }, [federationId, round]),
        write.done,
      ]);
    },
    loadPendingUpdate: async (federationId) =>
      (await database.get('pending', federationId)) ?? null,
    appendReceipt: async (receipt) => {
      const write = database.transaction('receipts', 'readwrite', strict);
      const key: [string, number] = [receipt.federationId, receipt.round];
      await Promise.all([write.store.put(receipt, key), write.done]);
    },
    listReceipts: (federationId) => database.getAll('receipts', ofFederation(federationId)),
    deleteLearned: async (federationId) => {
      const write = database.transaction(['pending', 'sent'], 'readwrite', strict);
      await Promise.all([
        write.objectStore('pending').delete(federationId),
        write.objectStore('sent').delete(ofFederation(federationId)),
        write.done,
      ]);
    },
  };
}
