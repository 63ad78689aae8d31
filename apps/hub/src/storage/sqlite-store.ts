import { openLibsql } from './libsql-database.ts';
import { migrate } from './migrations.ts';
import { accountTables } from './sqlite-accounts.ts';
import { federationTables } from './sqlite-federations.ts';
import { personTables } from './sqlite-people.ts';
import { recordTables } from './sqlite-records.ts';
import { spendingTables } from './sqlite-spending.ts';
import type { Store } from './store.ts';

/**
 * A store in one SQLite file, or in memory for `:memory:`.
 * @throws if the file cannot be opened or was written by a newer hub
 */
export function openStore(path: string): Store {
  const database = openLibsql(path);
  migrate(database);
  return {
    ...federationTables(database),
    ...accountTables(database),
    ...recordTables(database),
    ...personTables(database),
    ...spendingTables(database),
    transaction: (work) => database.transaction(work),
    close: () => {
      database.close();
    },
  };
}
