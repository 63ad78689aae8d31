import { documentOf, documentOrNull } from './document.ts';
import type { InviteRow, SessionRow } from './rows.ts';
import type { SqlRow, SqliteDatabase } from './sqlite-database.ts';
import type { InviteTable, SessionTable, SignInTokenTable } from './store.ts';

/** Who may come in. */
export function accountTables(database: SqliteDatabase) {
  return {
    sessions: sessionTable(database),
    signInTokens: signInTokenTable(database),
    invites: inviteTable(database),
  };
}

function sessionTable(database: SqliteDatabase): SessionTable {
  const insert = database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?)');
  const find = database.prepare('SELECT document FROM sessions WHERE token_sha256 = ?');
  const remove = database.prepare('DELETE FROM sessions WHERE token_sha256 = ?');
  const removeOfClient = database.prepare(
    'DELETE FROM sessions WHERE federation_id = ? AND client_id = ?',
  );
  const removeExpired = database.prepare('DELETE FROM sessions WHERE expires_at_ms <= ?');
  return {
    insert: (row) => {
      insert.run([
        row.tokenSha256,
        row.federationId,
        row.clientId,
        row.expiresAtMs,
        JSON.stringify(row),
      ]);
    },
    find: (tokenSha256) => documentOrNull(find.get([tokenSha256])) as SessionRow | null,
    delete: (tokenSha256) => {
      remove.run([tokenSha256]);
    },
    deleteOfClient: (federationId, clientId) => {
      removeOfClient.run([federationId, clientId]);
    },
    deleteExpired: (nowMs) => {
      removeExpired.run([nowMs]);
    },
  };
}

function signInTokenTable(database: SqliteDatabase): SignInTokenTable {
  const insert = database.prepare('INSERT INTO sign_in_tokens VALUES (?, ?, 0)');
  const find = database.prepare('SELECT * FROM sign_in_tokens WHERE token_sha256 = ?');
  const use = database.prepare('UPDATE sign_in_tokens SET is_used = 1 WHERE token_sha256 = ?');
  return {
    insert: (tokenSha256, expiresAtMs) => {
      insert.run([tokenSha256, expiresAtMs]);
    },
    use: (tokenSha256, nowMs) =>
      database.transaction(() => {
        const row = find.get([tokenSha256]);
        if (row === null) return 'unknown';
        if (Number(row['is_used']) !== 0) return 'used';
        if (Number(row['expires_at_ms']) <= nowMs) return 'expired';
        use.run([tokenSha256]);
        return 'fresh';
      }),
  };
}

/** Uses and revocation live in columns of their own, so that counting a use is one statement. */
function inviteOf(row: SqlRow): InviteRow {
  return {
    ...(documentOf(row) as InviteRow),
    uses: Number(row['uses']),
    isRevoked: Number(row['is_revoked']) !== 0,
  };
}

function inviteTable(database: SqliteDatabase): InviteTable {
  const insert = database.prepare('INSERT INTO invites VALUES (?, ?, ?, ?, ?, ?, ?)');
  const find = database.prepare('SELECT * FROM invites WHERE token_sha256 = ?');
  const list = database.prepare('SELECT * FROM invites WHERE federation_id = ? ORDER BY rowid');
  const use = database.prepare(
    `UPDATE invites SET uses = uses + 1
     WHERE invite_id = ? AND is_revoked = 0 AND (max_uses IS NULL OR uses < max_uses)`,
  );
  const revoke = database.prepare('UPDATE invites SET is_revoked = 1 WHERE invite_id = ?');
  return {
    insert: (row) => {
      insert.run([
        row.inviteId,
        row.tokenSha256,
        row.federationId,
        row.uses,
        row.maxUses,
        row.isRevoked,
        JSON.stringify(row),
      ]);
    },
    find: (tokenSha256) => {
      const row = find.get([tokenSha256]);
      return row === null ? null : inviteOf(row);
    },
    list: (federationId) => list.all([federationId]).map(inviteOf),
    use: (inviteId) => use.run([inviteId]) === 1,
    revoke: (inviteId) => {
      revoke.run([inviteId]);
    },
  };
}
