import type { CountersignedReceipt } from '@roundtable/protocol';
import { documentOf } from './document.ts';
import type { AccountSpending, ReceiptRow, ReleasePlan } from './rows.ts';
import type { SqlRow, SqliteDatabase } from './sqlite-database.ts';
import type { ReceiptTable, SpendingTable } from './store.ts';

/** What protection has been spent, and the signed proof of it. */
export function spendingTables(database: SqliteDatabase) {
  return { spending: spendingTable(database), receipts: receiptTable(database) };
}

const SPENT = `(SELECT COUNT(*) FROM spending s
    WHERE s.account_id = c.account_id AND s.federation_id = c.federation_id)
  + COALESCE((SELECT o.rounds FROM openings o
    WHERE o.account_id = c.account_id AND o.federation_id = c.federation_id), 0)`;

function spendingTable(database: SqliteDatabase): SpendingTable {
  const record = database.prepare('INSERT OR IGNORE INTO spending VALUES (?, ?, ?, ?)');
  const open = database.prepare('INSERT OR IGNORE INTO openings VALUES (?, ?, ?)');
  const putPlan = database.prepare('INSERT OR IGNORE INTO release_plans VALUES (?, ?)');
  const spent = database.prepare(
    `SELECT ${SPENT} AS spent FROM (SELECT ? AS account_id, ? AS federation_id) c`,
  );
  const mostSpent = database.prepare(
    `SELECT MAX(${SPENT}) AS spent FROM clients c
     WHERE c.federation_id = ? AND json_extract(c.document, '$.isSimulated') = 0`,
  );
  const ofAccount = spendingReader(database);
  return {
    record: (accountId, federationId, round, nowMs) =>
      record.run([accountId, federationId, round, nowMs]) === 1,
    open: (accountId, federationId, openingRounds) => {
      open.run([accountId, federationId, openingRounds]);
    },
    putPlan: (federationId, plan) => {
      putPlan.run([federationId, JSON.stringify(plan)]);
    },
    spentRounds: (accountId, federationId) =>
      Number(spent.get([accountId, federationId])?.['spent'] ?? 0),
    mostSpentRounds: (federationId) => Number(mostSpent.get([federationId])?.['spent'] ?? 0),
    ofAccount,
  };
}

function spendingReader(database: SqliteDatabase): (accountId: string) => AccountSpending[] {
  const plans = database.prepare(
    `SELECT p.federation_id, p.document, COALESCE(o.rounds, 0) AS opening FROM release_plans p
     LEFT JOIN openings o ON o.federation_id = p.federation_id AND o.account_id = ?1
     WHERE o.rounds > 0 OR EXISTS (
       SELECT 1 FROM spending s WHERE s.account_id = ?1 AND s.federation_id = p.federation_id)
     ORDER BY p.federation_id`,
  );
  const rounds = database.prepare(
    'SELECT round FROM spending WHERE account_id = ? AND federation_id = ? ORDER BY round',
  );
  return (accountId) =>
    plans.all([accountId]).map((row) => {
      const federationId = String(row['federation_id']);
      return {
        federationId,
        plan: documentOf(row) as ReleasePlan,
        rounds: rounds.all([accountId, federationId]).map(({ round }) => Number(round)),
        openingRounds: Number(row['opening']),
      };
    });
}

function receiptOf(row: SqlRow): ReceiptRow {
  return {
    federationId: String(row['federation_id']),
    round: Number(row['round']),
    clientId: String(row['client_id']),
    publicKey: String(row['public_key']),
    receiptSha256: String(row['receipt_sha256']),
    acceptedAtMs: Number(row['accepted_at_ms']),
    document: row['document'] === null ? null : (documentOf(row) as CountersignedReceipt),
  };
}

function receiptTable(database: SqliteDatabase): ReceiptTable {
  const insert = database.prepare('INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?)');
  const find = database.prepare(
    'SELECT * FROM receipts WHERE federation_id = ? AND round = ? AND client_id = ?',
  );
  const last = database.prepare(
    `SELECT receipt_sha256 FROM receipts
     WHERE federation_id = ? AND client_id = ? AND public_key = ? AND document IS NOT NULL
     ORDER BY round DESC LIMIT 1`,
  );
  const isKnown = database.prepare(
    `SELECT 1 AS found FROM receipts
     WHERE federation_id = ? AND receipt_sha256 = ? AND document IS NOT NULL`,
  );
  const list = database.prepare(
    'SELECT * FROM receipts WHERE federation_id = ? ORDER BY client_id, round',
  );
  const redact = database.prepare(
    'UPDATE receipts SET document = NULL WHERE federation_id = ? AND client_id = ?',
  );
  const removeOne = database.prepare('DELETE FROM receipts WHERE federation_id = ?');
  return {
    insert: (row) => {
      const { federationId, round, clientId, publicKey, receiptSha256, acceptedAtMs } = row;
      const document = row.document === null ? null : JSON.stringify(row.document);
      insert.run([
        ...[federationId, round, clientId, publicKey, receiptSha256, acceptedAtMs],
        document,
      ]);
    },
    find: (federationId, round, clientId) => {
      const row = find.get([federationId, round, clientId]);
      return row === null ? null : receiptOf(row);
    },
    lastSha256: (federationId, clientId, publicKey) => {
      const row = last.get([federationId, clientId, publicKey]);
      return row === null ? null : String(row['receipt_sha256']);
    },
    isKnown: (federationId, receiptSha256) => isKnown.get([federationId, receiptSha256]) !== null,
    list: (federationId) => list.all([federationId]).map(receiptOf),
    redactOfClient: (federationId, clientId) => {
      redact.run([federationId, clientId]);
    },
    deleteOfFederation: (federationId) => removeOne.run([federationId]),
  };
}
