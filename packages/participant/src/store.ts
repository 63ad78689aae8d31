import { inMemoryLedgerStore } from '@roundtable/privacy';
import type { LedgerStore } from '@roundtable/privacy';
import type { Receipt, SentReceipt } from './receipt.ts';

/** The update of a round with its receipt, byte for byte as it is sent, however often. */
export interface PendingUpdate {
  readonly round: number;
  readonly frame: Uint8Array;
  /** As it was signed, before the hub's answer. */
  readonly receipt: SentReceipt;
}

/** What a participant keeps on its device over restarts. Writes resolve only when they are durable. */
export interface ParticipantStore {
  /** Kept whatever is deleted: a forgotten ledger would let a budget be spent twice. */
  readonly ledger: LedgerStore;
  /** Replaces the pending update of an earlier round. */
  savePendingUpdate(federationId: string, pending: PendingUpdate): Promise<void>;
  loadPendingUpdate(federationId: string): Promise<PendingUpdate | null>;
  /** A second receipt of the same round replaces the first. */
  appendReceipt(receipt: Receipt): Promise<void>;
  /** Receipts in the order of their rounds. */
  listReceipts(federationId: string): Promise<Receipt[]>;
  /** Deletes what was learned from the data; ledger and receipts stay. */
  deleteLearned(federationId: string): Promise<void>;
}

/** A store that lives as long as the process: for simulated participants and tests. */
export function inMemoryParticipantStore(): ParticipantStore {
  const pendings = new Map<string, PendingUpdate>();
  const receipts = new Map<string, Map<number, Receipt>>();
  return {
    ledger: inMemoryLedgerStore(),
    savePendingUpdate: (federationId, { round, frame, receipt }) => {
      pendings.set(federationId, { round, frame: frame.slice(), receipt });
      return Promise.resolve();
    },
    loadPendingUpdate: (federationId) => {
      const pending = pendings.get(federationId);
      const copy = pending && { ...pending, frame: pending.frame.slice() };
      return Promise.resolve(copy ?? null);
    },
    appendReceipt: (receipt) => {
      const kept = receipts.get(receipt.federationId) ?? new Map<number, Receipt>();
      receipts.set(receipt.federationId, kept.set(receipt.round, receipt));
      return Promise.resolve();
    },
    listReceipts: (federationId) => {
      const kept = [...(receipts.get(federationId)?.values() ?? [])];
      return Promise.resolve(kept.sort((a, b) => a.round - b.round));
    },
    deleteLearned: (federationId) => {
      pendings.delete(federationId);
      return Promise.resolve();
    },
  };
}
