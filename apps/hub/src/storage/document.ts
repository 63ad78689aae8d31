import type { SqlRow } from './sqlite-database.ts';

/** The JSON document of a row. The hub wrote it itself, so callers may trust its type. */
export function documentOf(row: SqlRow): unknown {
  return JSON.parse(String(row['document']));
}

export function documentOrNull(row: SqlRow | null): unknown {
  return row === null ? null : documentOf(row);
}
