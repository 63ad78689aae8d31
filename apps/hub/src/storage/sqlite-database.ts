/** What a parameter may be; booleans become 0 or 1. */
export type SqlValue = null | number | bigint | string | boolean | Uint8Array;
export type SqlRow = Record<string, null | number | bigint | string | Uint8Array>;

export interface SqliteStatement {
  /** Runs a statement and returns the number of changed rows. */
  run(parameters: readonly SqlValue[]): number;
  get(parameters: readonly SqlValue[]): SqlRow | null;
  all(parameters: readonly SqlValue[]): SqlRow[];
}

/** The part of an embedded SQLite that the hub needs. Every call is synchronous. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  /** All or nothing; nested calls join the outermost. */
  transaction<T>(work: () => T): T;
  close(): void;
}
