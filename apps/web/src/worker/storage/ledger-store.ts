import type { LedgerStore } from '@roundtable/privacy';
import type { RoundtableDatabase } from './database.ts';

/**
 * The privacy ledger in IndexedDB. `strict` durability: a booking must be on the disk before noise
 * leaves, or a crash would let the same budget be spent twice.
 */
export function indexedLedgerStore(database: RoundtableDatabase): LedgerStore {
  return {
    read: async (key) => {
      const lines = await database.getAllFromIndex('ledger', 'key', key);
      return lines.map((line) => line.entry);
    },
    append: async (key, entry) => {
      const write = database.transaction('ledger', 'readwrite', { durability: 'strict' });
      await Promise.all([write.store.add({ key, entry }), write.done]);
    },
  };
}
