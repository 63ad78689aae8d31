import type { SqlRow, SqlValue } from './sqlite-database.ts';

export type DriverValue = null | number | bigint | string | Uint8Array;

/**
 * Parameters that the native driver can take. libsql 0.5.29 aborts the whole process on a boolean and on some other
 * types, so nothing else may reach it.
 * @throws TypeError naming the position, before the native call
 */
export function guardParameters(parameters: readonly SqlValue[]): DriverValue[] {
  if (!Array.isArray(parameters)) throw new TypeError('SQL parameters must be an array');
  return parameters.map((value: unknown, position) => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value instanceof Uint8Array) return new Uint8Array(value);
    throw new TypeError(
      `SQL parameter ${position} must be null, a finite number, a bigint, a string, a boolean or bytes, got ${typeof value}`,
    );
  });
}

/** A row as plain data: blobs as `Uint8Array`, the driver's own `_metadata` left out. */
export function normalizeRow(row: object): SqlRow {
  const plain: SqlRow = {};
  for (const [name, value] of Object.entries(row) as [string, unknown][]) {
    if (name === '_metadata') continue;
    if (value instanceof ArrayBuffer) plain[name] = new Uint8Array(value);
    else if (Buffer.isBuffer(value)) plain[name] = new Uint8Array(value);
    else plain[name] = value as DriverValue;
  }
  return plain;
}
