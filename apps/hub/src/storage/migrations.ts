import type { SqliteDatabase } from './sqlite-database.ts';

/** Applied in order, each once. Never edit one that was released: append the next. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE federations (
     federation_id TEXT PRIMARY KEY, created_at_ms REAL NOT NULL, document TEXT NOT NULL);
   CREATE TABLE rounds (
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     round INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (federation_id, round));
   CREATE TABLE updates (
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     round INTEGER NOT NULL, client_id TEXT NOT NULL, document TEXT NOT NULL,
     PRIMARY KEY (federation_id, round, client_id));
   CREATE INDEX updates_by_client ON updates (federation_id, client_id, round);
   CREATE TABLE clients (
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     client_id TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (federation_id, client_id));
   CREATE TABLE sessions (
     token_sha256 TEXT PRIMARY KEY,
     federation_id TEXT REFERENCES federations ON DELETE CASCADE,
     client_id TEXT, expires_at_ms REAL NOT NULL, document TEXT NOT NULL);
   CREATE INDEX sessions_by_client ON sessions (federation_id, client_id);
   CREATE TABLE sign_in_tokens (
     token_sha256 TEXT PRIMARY KEY, expires_at_ms REAL NOT NULL, is_used INTEGER NOT NULL);
   CREATE TABLE invites (
     invite_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE,
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     uses INTEGER NOT NULL, max_uses INTEGER, is_revoked INTEGER NOT NULL, document TEXT NOT NULL);
   CREATE INDEX invites_by_federation ON invites (federation_id);
   CREATE TABLE audit (
     audit_id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms REAL NOT NULL, actor TEXT NOT NULL,
     action TEXT NOT NULL, federation_id TEXT, detail TEXT NOT NULL);
   CREATE TABLE alerts (
     alert_id INTEGER PRIMARY KEY AUTOINCREMENT,
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE, document TEXT NOT NULL);
   CREATE INDEX alerts_by_federation ON alerts (federation_id, alert_id);
   CREATE TABLE counters (
     federation_id TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, total REAL NOT NULL,
     PRIMARY KEY (federation_id, name, label));
   CREATE TABLE base_models (
     base_model_id TEXT PRIMARY KEY, folder TEXT NOT NULL, added_at_ms REAL NOT NULL);
   CREATE TABLE named_values (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  // Accounts, spending, receipts and consents. Every client of before becomes an anonymous account of its own, and
  // what it gave counts as spent. Spending refers to nothing, so that it outlives federations: it guards budgets.
  `CREATE TABLE accounts (account_id TEXT PRIMARY KEY, name_key TEXT UNIQUE, document TEXT NOT NULL);
   ALTER TABLE clients ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
   UPDATE clients SET account_id = client_id,
     document = json_set(document, '$.accountId', client_id);
   INSERT OR IGNORE INTO accounts SELECT client_id, NULL, json_object(
     'accountId', client_id, 'personName', NULL, 'createdAtMs', json_extract(document, '$.joinedAtMs'))
     FROM clients;
   CREATE UNIQUE INDEX clients_by_account ON clients (federation_id, account_id);
   UPDATE invites SET document = json_set(document, '$.accountId', NULL);
   CREATE TABLE spending (
     account_id TEXT NOT NULL, federation_id TEXT NOT NULL, round INTEGER NOT NULL, at_ms REAL NOT NULL,
     PRIMARY KEY (account_id, federation_id, round));
   INSERT INTO spending SELECT client_id, federation_id, round, json_extract(document, '$.acceptedAtMs')
     FROM updates;
   CREATE TABLE openings (
     account_id TEXT NOT NULL, federation_id TEXT NOT NULL, rounds INTEGER NOT NULL,
     PRIMARY KEY (account_id, federation_id));
   CREATE TABLE release_plans (federation_id TEXT PRIMARY KEY, document TEXT NOT NULL);
   CREATE TABLE device_keys (
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     client_id TEXT NOT NULL, public_key TEXT NOT NULL, joined_at_ms REAL NOT NULL,
     announced_round INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (federation_id, client_id, public_key));
   CREATE TABLE receipts (
     federation_id TEXT NOT NULL REFERENCES federations ON DELETE CASCADE,
     round INTEGER NOT NULL, client_id TEXT NOT NULL, public_key TEXT NOT NULL,
     receipt_sha256 TEXT NOT NULL, accepted_at_ms REAL NOT NULL, document TEXT,
     PRIMARY KEY (federation_id, round, client_id));
   CREATE INDEX receipts_by_key ON receipts (federation_id, client_id, public_key, round);
   CREATE INDEX receipts_by_hash ON receipts (federation_id, receipt_sha256);
   CREATE TABLE consents (
     consent_id INTEGER PRIMARY KEY AUTOINCREMENT, federation_id TEXT NOT NULL, at_ms REAL NOT NULL,
     account_id TEXT NOT NULL, display_name TEXT NOT NULL, consent_version TEXT NOT NULL,
     action TEXT NOT NULL);
   CREATE INDEX consents_by_federation ON consents (federation_id, account_id, consent_id);`,
  // Which federation published a file: asked for each of the many small files of a scalar log.
  `CREATE INDEX federations_by_start ON federations (json_extract(document, '$.initialAdapter.sha256'));
   CREATE INDEX rounds_by_adapter ON rounds (json_extract(document, '$.record.adapter.sha256'));`,
];

/**
 * Brings a database to the newest layout.
 * @throws if a newer hub wrote it
 */
export function migrate(database: SqliteDatabase): void {
  const version = Number(database.prepare('PRAGMA user_version').get([])?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `the database has layout ${version}, this hub knows layouts up to ${MIGRATIONS.length}: run a newer hub`,
    );
  }
  for (let next = version; next < MIGRATIONS.length; next += 1) {
    database.transaction(() => {
      database.exec(MIGRATIONS[next]!);
      database.exec(`PRAGMA user_version=${next + 1}`);
    });
  }
}
