import { documentOf, documentOrNull } from './document.ts';
import type { ClientRow, FederationRow, RoundRow, UpdateRow } from './rows.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { ClientTable, FederationTable, RoundTable, UpdateTable } from './store.ts';

/** Federations and what happens in them. */
export function federationTables(database: SqliteDatabase) {
  return {
    federations: federationTable(database),
    rounds: roundTable(database),
    updates: updateTable(database),
    clients: clientTable(database),
  };
}

function federationTable(database: SqliteDatabase): FederationTable {
  const insert = database.prepare('INSERT INTO federations VALUES (?, ?, ?)');
  const find = database.prepare('SELECT document FROM federations WHERE federation_id = ?');
  const list = database.prepare(
    'SELECT document FROM federations ORDER BY created_at_ms, federation_id',
  );
  // As the indexes have it, to the letter.
  const publishers = database.prepare(
    `SELECT federation_id FROM federations WHERE json_extract(document, '$.initialAdapter.sha256') = ?
     UNION SELECT federation_id FROM rounds WHERE json_extract(document, '$.record.adapter.sha256') = ?`,
  );
  const update = database.prepare('UPDATE federations SET document = ? WHERE federation_id = ?');
  const remove = database.prepare('DELETE FROM federations WHERE federation_id = ?');
  return {
    insert: (row) => {
      insert.run([row.federationId, row.createdAtMs, JSON.stringify(row)]);
    },
    find: (federationId) => documentOrNull(find.get([federationId])) as FederationRow | null,
    list: () => list.all([]).map((row) => documentOf(row) as FederationRow),
    publishersOf: (sha256) =>
      publishers.all([sha256, sha256]).map((row) => String(row['federation_id'])),
    update: (row) => {
      if (update.run([JSON.stringify(row), row.federationId]) !== 1) {
        throw new Error(`no federation ${row.federationId} to update`);
      }
    },
    delete: (federationId) => {
      remove.run([federationId]);
    },
  };
}

function roundTable(database: SqliteDatabase): RoundTable {
  const put = database.prepare('INSERT OR REPLACE INTO rounds VALUES (?, ?, ?)');
  const find = database.prepare(
    'SELECT document FROM rounds WHERE federation_id = ? AND round = ?',
  );
  const list = database.prepare(
    'SELECT document FROM rounds WHERE federation_id = ? ORDER BY round',
  );
  return {
    put: (row) => {
      put.run([row.federationId, row.record.round, JSON.stringify(row)]);
    },
    find: (federationId, round) =>
      documentOrNull(find.get([federationId, round])) as RoundRow | null,
    list: (federationId) => list.all([federationId]).map((row) => documentOf(row) as RoundRow),
  };
}

function updateTable(database: SqliteDatabase): UpdateTable {
  const insert = database.prepare('INSERT INTO updates VALUES (?, ?, ?, ?)');
  const find = database.prepare(
    'SELECT document FROM updates WHERE federation_id = ? AND round = ? AND client_id = ?',
  );
  const list = database.prepare(
    'SELECT document FROM updates WHERE federation_id = ? AND round = ? ORDER BY client_id',
  );
  const rounds = database.prepare(
    'SELECT round FROM updates WHERE federation_id = ? AND client_id = ? ORDER BY round',
  );
  return {
    insert: (row) => {
      insert.run([row.federationId, row.round, row.clientId, JSON.stringify(row)]);
    },
    find: (federationId, round, clientId) =>
      documentOrNull(find.get([federationId, round, clientId])) as UpdateRow | null,
    listOfRound: (federationId, round) =>
      list.all([federationId, round]).map((row) => documentOf(row) as UpdateRow),
    roundsOfClient: (federationId, clientId) =>
      rounds.all([federationId, clientId]).map((row) => Number(row['round'])),
  };
}

function clientTable(database: SqliteDatabase): ClientTable {
  const put = database.prepare(
    `INSERT INTO clients (federation_id, client_id, account_id, document) VALUES (?, ?, ?, ?)
     ON CONFLICT (federation_id, client_id) DO UPDATE SET document = excluded.document`,
  );
  const find = database.prepare(
    'SELECT document FROM clients WHERE federation_id = ? AND client_id = ?',
  );
  const findByAccount = database.prepare(
    'SELECT document FROM clients WHERE federation_id = ? AND account_id = ?',
  );
  const list = database.prepare(
    'SELECT document FROM clients WHERE federation_id = ? ORDER BY client_id',
  );
  return {
    put: (row) => {
      put.run([row.federationId, row.clientId, row.accountId, JSON.stringify(row)]);
    },
    findByAccount: (federationId, accountId) =>
      documentOrNull(findByAccount.get([federationId, accountId])) as ClientRow | null,
    find: (federationId, clientId) =>
      documentOrNull(find.get([federationId, clientId])) as ClientRow | null,
    list: (federationId) => list.all([federationId]).map((row) => documentOf(row) as ClientRow),
  };
}
