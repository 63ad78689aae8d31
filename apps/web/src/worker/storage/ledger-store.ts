import type { LedgerEntry, LedgerStore } from '@roundtable/privacy';
import type { RoundtableDatabase } from './database.ts';
import type { LedgerLine } from './schema.ts';

const entriesOf = (lines: readonly LedgerLine[]): LedgerEntry[] => lines.map((line) => line.entry);

/**
 * The privacy ledger in IndexedDB. One readwrite transaction reads, decides and appends, so that no other tab comes
 * between. `strict` durability: a booking must be on the disk before noise leaves, or a crash would let the same budget
 * be spent twice. The database belongs to one address, so all its lines count, under whatever key the hub there signs.
 */
export function indexedLedgerStore(database: RoundtableDatabase): LedgerStore {
  return {
    read: async () => entriesOf(await database.getAll('ledger')),
    update: async (hubId, decide) => {
      const write = database.transaction('ledger', 'readwrite', { durability: 'strict' });
      try {
        const entry = decide(entriesOf(await write.store.getAll()));
        if (entry !== null) await write.store.add({ key: hubId, entry });
        await write.done;
        return entry;
      } catch (error) {
        write.done.catch(() => undefined);
        write.abort();
        throw error;
      }
    },
  };
}
