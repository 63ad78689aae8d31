import type { PrivacyEvent } from '../accounting/event.ts';

/** One line of a contributor's privacy ledger; plain JSON. */
export type LedgerEntry =
  | { readonly kind: 'booking'; readonly round: number; readonly events: readonly PrivacyEvent[] }
  | {
      readonly kind: 'outcome';
      readonly round: number;
      readonly outcome: 'completed' | 'abandoned';
    };

/** Append-only lines per key, kept over restarts; `append` resolves only when the line is durable. */
export interface LedgerStore {
  read(key: string): Promise<LedgerEntry[]>;
  append(key: string, entry: LedgerEntry): Promise<void>;
}

/** A ledger store that lives as long as the process: for simulation and tests. */
export function inMemoryLedgerStore(): LedgerStore {
  const lines = new Map<string, LedgerEntry[]>();
  return {
    read: (key) => Promise.resolve([...(lines.get(key) ?? [])]),
    append: (key, entry) => {
      lines.set(key, [...(lines.get(key) ?? []), entry]);
      return Promise.resolve();
    },
  };
}
