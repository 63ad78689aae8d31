import Libsql from 'libsql';
import { guardParameters, normalizeRow } from './guard-parameters.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts';

/** Opens a database file, or `:memory:`. Commits reach the disk before they return. */
export function openLibsql(path: string): SqliteDatabase {
  return new LibsqlDatabase(new Libsql(path));
}

class LibsqlDatabase implements SqliteDatabase {
  readonly #driver: Libsql.Database;
  readonly #statements = new Map<string, SqliteStatement>();
  #depth = 0;

  constructor(driver: Libsql.Database) {
    this.#driver = driver;
    // FULL: a commit that was acknowledged survives a loss of power, not only of the process.
    for (const pragma of [
      'journal_mode=WAL',
      'synchronous=FULL',
      'foreign_keys=ON',
      'busy_timeout=5000',
    ]) {
      driver.prepare(`PRAGMA ${pragma}`).all([]);
    }
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#driver.prepare(sql);
    const guarded: SqliteStatement = {
      run: (parameters) => statement.run(guardParameters(parameters)).changes,
      get: (parameters) => {
        const row = statement.get(guardParameters(parameters));
        return row === undefined || row === null ? null : normalizeRow(row);
      },
      all: (parameters) =>
        statement.all(guardParameters(parameters)).map((row) => normalizeRow(row as object)),
    };
    this.#statements.set(sql, guarded);
    return guarded;
  }

  exec(sql: string): void {
    this.#driver.exec(sql);
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#driver.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
    let result: T;
    try {
      result = work();
      this.#driver.exec('COMMIT');
    } catch (error) {
      this.#driver.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
    return result;
  }

  close(): void {
    this.#statements.clear();
    this.#driver.close();
  }
}
