import type { LedgerEntry } from './ledger-entry.ts';

/**
 * Append-only lines, kept over restarts: one ledger for one person and device, over all federations of a hub. A store that
 * can only ever meet the hub of one address shows every hub's lines: a new key there starts no new budget.
 */
export interface LedgerStore {
  read(hubId: string): Promise<LedgerEntry[]>;
  /**
   * Shows `decide` all lines and appends the one that it answers, with no other update in between, whoever has the same
   * storage open. `decide` answers at once and may be asked more than once.
   * @returns the line, durable by now; null where there is none to write
   */
  update(
    hubId: string,
    decide: (entries: readonly LedgerEntry[]) => LedgerEntry | null,
  ): Promise<LedgerEntry | null>;
}

/** A ledger store that lives as long as the process: for simulation and tests. */
export function inMemoryLedgerStore(): LedgerStore {
  const lines = new Map<string, readonly LedgerEntry[]>();
  const linesOf = (hubId: string): readonly LedgerEntry[] => lines.get(hubId) ?? [];
  return {
    read: (hubId) => Promise.resolve([...linesOf(hubId)]),
    update: async (hubId, decide) => {
      // Like a disk, this answers later; the decision and its line are one step all the same.
      await Promise.resolve();
      const entry = decide([...linesOf(hubId)]);
      if (entry !== null) lines.set(hubId, [...linesOf(hubId), entry]);
      return entry;
    },
  };
}
