import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { federationSettingsSchema } from '@roundtable/protocol';
import { clientOfOpenLink } from '../auth/accounts.ts';
import { openLibsql } from './libsql-database.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { openStore } from './sqlite-store.ts';
import type { Store } from './store.ts';
import {
  digest,
  exampleClient,
  exampleFederation,
  exampleInvite,
  exampleRound,
} from './testing/example-rows.ts';

// Layout 1 as hubs wrote it before there were accounts; it must never follow the code.
const LAYOUT_1 = `CREATE TABLE federations (
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
   CREATE TABLE named_values (name TEXT PRIMARY KEY, value TEXT NOT NULL);`;

const federationId = 'federation-1';
const plan = {
  release: { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 },
  releasesPerRound: 2,
} as const;

/** Two people and a program, the first with updates of rounds 1, 2 and 4, as a hub of layout 1 left them. */
function writeOldDatabase(database: SqliteDatabase): void {
  database.exec(LAYOUT_1);
  database.exec('PRAGMA user_version=1');
  const row = exampleFederation(federationId);
  const insert = (sql: string, ...values: (string | number | null)[]): void => {
    database.prepare(sql).run(values);
  };
  insert('INSERT INTO federations VALUES (?, ?, ?)', federationId, 1_000, JSON.stringify(row));
  for (const clientId of ['client-aiko', 'client-ben', 'client-program']) {
    const { accountId: _accountId, ...old } = exampleClient(federationId, clientId);
    const document = JSON.stringify({ ...old, isSimulated: clientId === 'client-program' });
    insert('INSERT INTO clients VALUES (?, ?, ?)', federationId, clientId, document);
  }
  const first = exampleRound(federationId, 1);
  const adapter = { sha256: digest('7'), sizeBytes: 9, encoding: 'fp16', round: 1 };
  const closed = JSON.stringify({ ...first, record: { ...first.record, adapter } });
  insert('INSERT INTO rounds VALUES (?, ?, ?)', federationId, 1, closed);
  for (const round of [1, 2, 4]) {
    const update = { federationId, round, clientId: 'client-aiko', sha256: digest('5') };
    const document = JSON.stringify({ ...update, acceptedAtMs: 70 + round });
    insert(
      'INSERT INTO updates VALUES (?, ?, ?, ?)',
      ...[federationId, round, 'client-aiko', document],
    );
  }
  const { accountId: _accountId, ...invite } = exampleInvite(null);
  insert(
    'INSERT INTO invites VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[invite.inviteId, invite.tokenSha256, federationId, 3, null, 0, JSON.stringify(invite)],
  );
}

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtable-migration-'));
  const path = join(folder, 'hub.sqlite');
  const database = openLibsql(path);
  writeOldDatabase(database);
  database.close();
  store = openStore(path);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

describe('a database of layout 1', () => {
  it('keeps its federation and its invites', () => {
    expect(store.federations.list()).toEqual([exampleFederation(federationId)]);
    expect(store.invites.find(digest('a'))).toEqual({ ...exampleInvite(null), uses: 3 });
  });

  it('has settings that are still settings, of the method that they were of', () => {
    const { settings } = store.federations.list()[0]!;
    expect(federationSettingsSchema.parse(settings)).toEqual(settings);
    expect(settings).toMatchObject({ method: 'ffa-lora' });
    expect(settings).not.toHaveProperty('zerothOrder');
  });

  it('knows who published the files of its start and of its rounds', () => {
    expect(store.federations.publishersOf(digest('3'))).toEqual([federationId]);
    expect(store.federations.publishersOf(digest('7'))).toEqual([federationId]);
  });

  it('makes each client an anonymous account of its own', () => {
    const clients = store.clients.list(federationId);
    expect(clients.map(({ clientId, accountId }) => [clientId, accountId])).toEqual([
      ['client-aiko', 'client-aiko'],
      ['client-ben', 'client-ben'],
      ['client-program', 'client-program'],
    ]);
    expect(clients[0]).toEqual({
      ...exampleClient(federationId, 'client-aiko'),
      accountId: 'client-aiko',
      isSimulated: false,
    });
    expect(store.accounts.find('client-aiko')).toEqual({
      accountId: 'client-aiko',
      personName: null,
      createdAtMs: 1,
    });
    expect(store.clients.findByAccount(federationId, 'client-ben')?.clientId).toBe('client-ben');
  });

  it('counts every update that was taken as spent', () => {
    store.spending.putPlan(federationId, plan);
    expect(store.spending.ofAccount('client-aiko')).toEqual([
      { federationId, plan, rounds: [1, 2, 4], openingRounds: 0 },
    ]);
    expect(store.spending.ofAccount('client-ben')).toEqual([]);
    expect(store.spending.record('client-aiko', federationId, 4, 99)).toBe(false);
  });

  it('lets nobody come back to it with a fresh budget', () => {
    const arrival = { federationId, displayName: '', isSimulated: false, nowMs: 9 };
    const { accountId } = clientOfOpenLink(store, arrival);
    expect(store.spending.spentRounds(accountId, federationId)).toBe(3);
  });

  it('is migrated once', () => {
    store.close();
    store = openStore(join(folder, 'hub.sqlite'));
    expect(store.clients.list(federationId)).toHaveLength(3);
    expect(store.spending.spentRounds('client-aiko', federationId)).toBe(3);
  });
});
