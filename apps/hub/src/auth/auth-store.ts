import type { Role } from '@roundtable/protocol';

/** A signed-in session. Only the sha256 (hex) of its token is kept. */
export interface SessionRow {
  tokenHash: string;
  role: Role;
  /** Set where the session came from an invite: it reaches this federation only. */
  federationId: string | null;
  /** Set for contributors. */
  clientId: string | null;
  createdAtMs: number;
  expiresAtMs: number;
}

/** A one-time sign-in link. */
export interface SignInTokenRow {
  tokenHash: string;
  role: 'admin' | 'viewer';
  expiresAtMs: number;
  usedAtMs: number | null;
}

/** A link that lets people into one federation until it expires or is used up. */
export interface InviteRow {
  inviteId: string;
  tokenHash: string;
  federationId: string;
  role: 'viewer' | 'contributor';
  createdAtMs: number;
  expiresAtMs: number;
  /** null: any number of times until it expires. */
  maxUses: number | null;
  uses: number;
}

/** One admin action. `detail` never holds a token or a person's data. */
export interface AuditRow {
  atMs: number;
  actor: string;
  action: string;
  federationId: string | null;
  detail: string;
}

/** The part of the hub's Store that sign-in, invites and the audit log use. All calls are synchronous and durable. */
export interface AuthStore {
  insertSession(row: SessionRow): void;
  findSession(tokenHash: string): SessionRow | null;
  deleteSession(tokenHash: string): void;
  /** Ends every session of a client that was removed or has left. */
  deleteSessionsOfClient(clientId: string): void;
  deleteExpiredSessions(nowMs: number): void;
  insertSignInToken(row: SignInTokenRow): void;
  findSignInToken(tokenHash: string): SignInTokenRow | null;
  /** Marks the token used; false where it was used before (decided in one statement, so two racing calls cannot both win). */
  useSignInToken(tokenHash: string, nowMs: number): boolean;
  insertInvite(row: InviteRow): void;
  findInvite(tokenHash: string): InviteRow | null;
  /** Counts one use; false where `maxUses` is reached (one statement, as above). */
  useInvite(tokenHash: string): boolean;
  appendAudit(row: AuditRow): void;
  /** Newest first; of one federation, or of all where null. */
  listAudit(federationId: string | null, limit: number): AuditRow[];
}
