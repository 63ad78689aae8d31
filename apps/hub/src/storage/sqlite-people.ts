import { documentOrNull } from './document.ts';
import type { AccountRow, ConsentRow } from './rows.ts';
import type { SqlRow, SqliteDatabase } from './sqlite-database.ts';
import type { AccountTable, ConsentTable, DeviceKeyTable } from './store.ts';

const KEYS_WITHOUT_RECEIPTS = 32;

/** Who contributes, with which devices, and to what she agreed. */
export function personTables(database: SqliteDatabase) {
  return {
    accounts: accountTable(database),
    deviceKeys: deviceKeyTable(database),
    consents: consentTable(database),
  };
}

/** Two spellings of a name that people would take for the same person share one budget. */
function nameKeyOf(personName: string): string {
  return personName.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function accountTable(database: SqliteDatabase): AccountTable {
  const insert = database.prepare('INSERT INTO accounts VALUES (?, ?, ?)');
  const find = database.prepare('SELECT document FROM accounts WHERE account_id = ?');
  const findByName = database.prepare('SELECT document FROM accounts WHERE name_key = ?');
  return {
    insert: (row) => {
      const nameKey = row.personName === null ? null : nameKeyOf(row.personName);
      insert.run([row.accountId, nameKey, JSON.stringify(row)]);
    },
    find: (accountId) => documentOrNull(find.get([accountId])) as AccountRow | null,
    findByName: (personName) =>
      documentOrNull(findByName.get([nameKeyOf(personName)])) as AccountRow | null,
  };
}

function deviceKeyTable(database: SqliteDatabase): DeviceKeyTable {
  const add = database.prepare('INSERT OR IGNORE INTO device_keys VALUES (?, ?, ?, ?, 0)');
  const has = database.prepare(
    'SELECT 1 AS found FROM device_keys WHERE federation_id = ? AND client_id = ? AND public_key = ?',
  );
  const prune = database.prepare(
    `DELETE FROM device_keys WHERE rowid IN (
       SELECT k.rowid FROM device_keys k
       WHERE k.federation_id = ? AND k.client_id = ? AND NOT EXISTS (
         SELECT 1 FROM receipts r WHERE r.federation_id = k.federation_id
           AND r.client_id = k.client_id AND r.public_key = k.public_key)
       ORDER BY k.joined_at_ms DESC, k.rowid DESC LIMIT -1 OFFSET ${KEYS_WITHOUT_RECEIPTS})`,
  );
  const announce = database.prepare(
    `UPDATE device_keys SET announced_round = ?
     WHERE federation_id = ? AND client_id = ? AND public_key = ?`,
  );
  const announcedTo = database.prepare(
    `SELECT public_key FROM device_keys
     WHERE federation_id = ? AND client_id = ? AND announced_round = ?`,
  );
  const removeOfClient = database.prepare(
    'DELETE FROM device_keys WHERE federation_id = ? AND client_id = ?',
  );
  return {
    add: (federationId, clientId, publicKey, nowMs) => {
      if (add.run([federationId, clientId, publicKey, nowMs]) === 1) {
        prune.run([federationId, clientId]);
      }
    },
    has: (federationId, clientId, publicKey) =>
      has.get([federationId, clientId, publicKey]) !== null,
    announce: (federationId, clientId, publicKey, round) => {
      announce.run([round, federationId, clientId, publicKey]);
    },
    announcedTo: (federationId, clientId, round) => {
      const row = announcedTo.get([federationId, clientId, round]);
      return row === null ? null : String(row['public_key']);
    },
    deleteOfClient: (federationId, clientId) => {
      removeOfClient.run([federationId, clientId]);
    },
  };
}

function consentOf(row: SqlRow): ConsentRow {
  return {
    federationId: String(row['federation_id']),
    atMs: Number(row['at_ms']),
    accountId: String(row['account_id']),
    displayName: String(row['display_name']),
    consentVersion: String(row['consent_version']),
    action: row['action'] === 'withdrawn' ? 'withdrawn' : 'given',
  };
}

function consentTable(database: SqliteDatabase): ConsentTable {
  const append = database.prepare(
    `INSERT INTO consents (federation_id, at_ms, account_id, display_name, consent_version, action)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const last = database.prepare(
    `SELECT * FROM consents WHERE federation_id = ? AND account_id = ?
     ORDER BY consent_id DESC LIMIT 1`,
  );
  const listAll = database.prepare('SELECT * FROM consents ORDER BY consent_id');
  const listOne = database.prepare(
    'SELECT * FROM consents WHERE federation_id = ? ORDER BY consent_id',
  );
  const removeOne = database.prepare('DELETE FROM consents WHERE federation_id = ?');
  return {
    append: (row) => {
      const { federationId, atMs, accountId, displayName, consentVersion, action } = row;
      append.run([federationId, atMs, accountId, displayName, consentVersion, action]);
    },
    last: (federationId, accountId) => {
      const row = last.get([federationId, accountId]);
      return row === null ? null : consentOf(row);
    },
    list: (federationId) =>
      (federationId === null ? listAll.all([]) : listOne.all([federationId])).map(consentOf),
    deleteOfFederation: (federationId) => removeOne.run([federationId]),
  };
}
