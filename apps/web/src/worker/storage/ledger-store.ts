import type { LedgerEntry, LedgerStore } from '@roundtable/privacy';
import type { RoundtableDatabase } from './database.ts';
import { keyBeforeHubs } from './migrate-ledger.ts';

/** Both lists are asked for at once: the transaction must have a request open until the decision. */
async function entriesOf(
  index: { getAll(key: string): Promise<{ entry: LedgerEntry }[]> },
  hubId: string,
): Promise<LedgerEntry[]> {
  const lists = await Promise.all([index.getAll(keyBeforeHubs), index.getAll(hubId)]);
  return lists.flat().map((line) => line.entry);
}

/**
 * The privacy ledger in IndexedDB. One readwrite transaction reads, decides and appends, so that no other tab comes
 * between. `strict` durability: a booking must be on the disk before noise leaves, or a crash would let the same budget
 * be spent twice.
 */
export function indexedLedgerStore(database: RoundtableDatabase): LedgerStore {
  return {
    read: (hubId) => entriesOf(database.transaction('ledger').store.index('key'), hubId),
    update: async (hubId, decide) => {
      const write = database.transaction('ledger', 'readwrite', { durability: 'strict' });
      try {
        const entry = decide(await entriesOf(write.store.index('key'), hubId));
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
