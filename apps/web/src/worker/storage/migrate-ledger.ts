import type { LedgerEntry, PrivacyEvent } from '@roundtable/privacy';
import type { IDBPTransaction, StoreNames } from 'idb';
import type { RoundtableSchema } from './schema.ts';

/** A line of version 1, whose key was the federation. */
interface OldLine {
  key: string;
  entry:
    | { kind: 'booking'; round: number; events: PrivacyEvent[] }
    | { kind: 'outcome'; round: number; outcome: 'completed' | 'abandoned' };
}

const keyBeforeHubs = '';

function migrated({ key: federationId, entry }: OldLine): LedgerEntry {
  if (entry.kind === 'outcome') return { ...entry, federationId };
  // Whose account and which rows it was is not known: such a line counts for all of them.
  return { ...entry, federationId, accountId: null, budgetGroup: 'person', dataSetId: null };
}

/**
 * From version 1, one ledger per federation, to one per person. What was spent stays spent. Updates that were not sent
 * have no receipt and are dropped, their rounds stay booked; receipts of version 1 were not signed and prove nothing.
 */
export async function migrateLedger(
  transaction: IDBPTransaction<RoundtableSchema, StoreNames<RoundtableSchema>[], 'versionchange'>,
): Promise<void> {
  const ledger = transaction.objectStore('ledger');
  for (let cursor = await ledger.openCursor(); cursor; cursor = await cursor.continue()) {
    const entry = migrated(cursor.value as unknown as OldLine);
    await cursor.update({ key: keyBeforeHubs, entry });
  }
  await transaction.objectStore('pending').clear();
  await transaction.objectStore('receipts').clear();
}
