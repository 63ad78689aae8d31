import type { LedgerEntry } from '@roundtable/privacy';
import type { Receipt } from '@roundtable/participant';
import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { DataSummary, Evaluation } from '../messages.ts';

/** What this browser knows about one federation beside ledger and receipts. */
export interface Membership {
  consentVersion: string | null;
  consentAtMs: number | null;
  /** She had started and not paused or stopped: a reopened tab goes on by itself. */
  isRunning: boolean;
  sentBytes: number;
  receivedBytes: number;
  acceptedRounds: number;
  evaluations: Evaluation[];
}

export interface KeptData {
  summary: DataSummary;
  rows: { input: string; output: string }[];
}

export interface RoundtableSchema extends DBSchema {
  ledger: { key: number; value: { key: string; entry: LedgerEntry }; indexes: { key: string } };
  pending: { key: string; value: { round: number; frame: Uint8Array } };
  receipts: { key: [string, number]; value: Receipt };
  sent: { key: [string, number]; value: { frame: Uint8Array } };
  memberships: { key: string; value: Membership };
  data: { key: string; value: KeptData };
  /** Model files by SHA-256, once their hash was checked. */
  verified: { key: string; value: { sizeBytes: number } };
}

export type RoundtableDatabase = IDBPDatabase<RoundtableSchema>;

/** Opens this browser's database; `name` differs only in tests. */
export function openDatabase(name = 'roundtable'): Promise<RoundtableDatabase> {
  return openDB<RoundtableSchema>(name, 1, {
    upgrade: (database) => {
      database.createObjectStore('ledger', { autoIncrement: true }).createIndex('key', 'key');
      database.createObjectStore('pending');
      database.createObjectStore('receipts');
      database.createObjectStore('sent');
      database.createObjectStore('memberships');
      database.createObjectStore('data');
      database.createObjectStore('verified');
    },
  });
}

/** A range over all compound keys that begin with `federationId`. */
export function ofFederation(federationId: string): IDBKeyRange {
  return IDBKeyRange.bound([federationId, 0], [federationId, Infinity]);
}
