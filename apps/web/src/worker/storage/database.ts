import { openDB } from 'idb';
import { migrateLedger } from './migrate-ledger.ts';
import type { RoundtableDatabase, RoundtableSchema } from './schema.ts';

export type { KeptData, Membership, RoundtableDatabase } from './schema.ts';

const version = 2;

/** Opens this browser's database; `name` differs only in tests. */
export function openDatabase(name = 'roundtable'): Promise<RoundtableDatabase> {
  return openDB<RoundtableSchema>(name, version, {
    upgrade: (database, oldVersion, _, transaction) => {
      if (oldVersion < 1) {
        database.createObjectStore('ledger', { autoIncrement: true }).createIndex('key', 'key');
        database.createObjectStore('pending');
        database.createObjectStore('receipts');
        database.createObjectStore('sent');
        database.createObjectStore('memberships');
        database.createObjectStore('data');
        database.createObjectStore('verified');
      }
      database.createObjectStore('keys');
      database.createObjectStore('fingerprints');
      if (oldVersion !== 1) return;
      migrateLedger(transaction).catch(() => {
        // Better the old layout, which this page cannot open, than a ledger with holes.
        transaction.abort();
      });
    },
    // A newer page of this origin must not wait for a tab that was forgotten; this one fails closed from here on.
    blocking: (_, __, event) => {
      (event.target as IDBDatabase).close();
    },
  });
}

/** A range over all compound keys that begin with `federationId`. */
export function ofFederation(federationId: string): IDBKeyRange {
  return IDBKeyRange.bound([federationId, 0], [federationId, Infinity]);
}
