import type { Alert } from '@roundtable/protocol';
import { documentOf } from './document.ts';
import type { AuditRow, BaseModelRow, CounterRow } from './rows.ts';
import type { SqlRow, SqliteDatabase } from './sqlite-database.ts';
import type { AlertTable, AuditTable, BaseModelTable, CounterTable, ValueTable } from './store.ts';

/** Logs, totals and small settings. */
export function recordTables(database: SqliteDatabase) {
  return {
    audit: auditTable(database),
    alerts: alertTable(database),
    counters: counterTable(database),
    baseModels: baseModelTable(database),
    values: valueTable(database),
  };
}

function auditOf(row: SqlRow): AuditRow {
  return {
    atMs: Number(row['at_ms']),
    actor: String(row['actor']),
    action: String(row['action']),
    federationId: row['federation_id'] === null ? null : String(row['federation_id']),
    detail: String(row['detail']),
  };
}

function auditTable(database: SqliteDatabase): AuditTable {
  const append = database.prepare(
    'INSERT INTO audit (at_ms, actor, action, federation_id, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const listAll = database.prepare('SELECT * FROM audit ORDER BY audit_id');
  const listOne = database.prepare('SELECT * FROM audit WHERE federation_id = ? ORDER BY audit_id');
  const lastLines = database.prepare(
    `SELECT federation_id, MAX(at_ms) AS at_ms FROM audit
     WHERE federation_id IS NOT NULL GROUP BY federation_id`,
  );
  const removeOne = database.prepare('DELETE FROM audit WHERE federation_id = ?');
  return {
    lastLines: () =>
      lastLines.all([]).map((row) => ({
        federationId: String(row['federation_id']),
        atMs: Number(row['at_ms']),
      })),
    deleteOfFederation: (federationId) => removeOne.run([federationId]),
    append: (row) => {
      append.run([row.atMs, row.actor, row.action, row.federationId, row.detail]);
    },
    list: (federationId) =>
      (federationId === null ? listAll.all([]) : listOne.all([federationId])).map(auditOf),
  };
}

function alertTable(database: SqliteDatabase): AlertTable {
  const append = database.prepare('INSERT INTO alerts (federation_id, document) VALUES (?, ?)');
  const list = database.prepare(
    'SELECT document FROM alerts WHERE federation_id = ? ORDER BY alert_id DESC LIMIT 200',
  );
  return {
    append: (alert) => {
      append.run([alert.federationId, JSON.stringify(alert)]);
    },
    list: (federationId) =>
      list
        .all([federationId])
        .map((row) => documentOf(row) as Alert)
        .reverse(),
  };
}

function counterOf(row: SqlRow): CounterRow {
  return {
    federationId: String(row['federation_id']),
    name: String(row['name']),
    label: String(row['label']),
    total: Number(row['total']),
  };
}

function counterTable(database: SqliteDatabase): CounterTable {
  const add = database.prepare(
    `INSERT INTO counters VALUES (?, ?, ?, ?)
     ON CONFLICT (federation_id, name, label) DO UPDATE SET total = total + excluded.total`,
  );
  const list = database.prepare('SELECT * FROM counters ORDER BY federation_id, name, label');
  return {
    add: (federationId, name, label, amount) => {
      if (!(amount >= 0)) throw new RangeError(`amount must be ≥ 0, got ${amount}`);
      add.run([federationId, name, label, amount]);
    },
    list: () => list.all([]).map(counterOf),
  };
}

function baseModelTable(database: SqliteDatabase): BaseModelTable {
  const put = database.prepare('INSERT OR REPLACE INTO base_models VALUES (?, ?, ?)');
  const list = database.prepare('SELECT * FROM base_models ORDER BY base_model_id');
  return {
    put: (row) => {
      put.run([row.baseModelId, row.folder, row.addedAtMs]);
    },
    list: () =>
      list.all([]).map((row): BaseModelRow => ({
        baseModelId: String(row['base_model_id']),
        folder: String(row['folder']),
        addedAtMs: Number(row['added_at_ms']),
      })),
  };
}

function valueTable(database: SqliteDatabase): ValueTable {
  const get = database.prepare('SELECT value FROM named_values WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO named_values VALUES (?, ?)');
  return {
    get: (name) => {
      const row = get.get([name]);
      return row === null ? null : String(row['value']);
    },
    set: (name, value) => {
      set.run([name, value]);
    },
  };
}
