import type { FingerprintSet, LedgerEntry } from '@roundtable/privacy';
import type { PendingUpdate, Receipt } from '@roundtable/participant';
import type { DBSchema, IDBPDatabase } from 'idb';
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

/** `key` is the hub's public key; empty in lines from before hubs had one. */
export interface LedgerLine {
  key: string;
  entry: LedgerEntry;
}

export interface RoundtableSchema extends DBSchema {
  ledger: { key: number; value: LedgerLine; indexes: { key: string } };
  pending: { key: string; value: PendingUpdate };
  receipts: { key: [string, number]; value: Receipt };
  sent: { key: [string, number]; value: { frame: Uint8Array } };
  memberships: { key: string; value: Membership };
  data: { key: string; value: KeptData };
  /** Model files by SHA-256, once their hash was checked. */
  verified: { key: string; value: { sizeBytes: number } };
  /** Keys of this device; none of their secret parts can be read, by this page either. */
  keys: { key: string; value: CryptoKey | CryptoKeyPair };
  /** Data sets by their id. */
  fingerprints: { key: string; value: FingerprintSet };
}

export type RoundtableDatabase = IDBPDatabase<RoundtableSchema>;
