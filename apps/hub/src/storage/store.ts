import type { Alert } from '@roundtable/protocol';
import type {
  AuditRow,
  BaseModelRow,
  ClientRow,
  CounterRow,
  FederationRow,
  InviteRow,
  RoundRow,
  SessionRow,
  UpdateRow,
} from './rows.ts';

/**
 * All that the hub remembers, apart from blobs. Every call is synchronous; what a call wrote is on disk when it
 * (or the outermost transaction round it) returns, so that an acknowledgement sent afterwards is true.
 */
export interface Store {
  readonly federations: FederationTable;
  readonly rounds: RoundTable;
  readonly updates: UpdateTable;
  readonly clients: ClientTable;
  readonly sessions: SessionTable;
  readonly signInTokens: SignInTokenTable;
  readonly invites: InviteTable;
  readonly audit: AuditTable;
  readonly alerts: AlertTable;
  readonly counters: CounterTable;
  readonly baseModels: BaseModelTable;
  /** Small named texts, for example the admin's password hash. */
  readonly values: ValueTable;
  /** All or nothing; nested calls join the outermost. A throw rolls everything back and is thrown on. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface FederationTable {
  insert(row: FederationRow): void;
  find(federationId: string): FederationRow | null;
  /** Oldest first. */
  list(): FederationRow[];
  update(row: FederationRow): void;
  /** Deletes the federation with its rounds, updates, clients, invites, alerts and contributor sessions. */
  delete(federationId: string): void;
}

export interface RoundTable {
  /** Inserts or replaces the round `row.record.round`. */
  put(row: RoundRow): void;
  find(federationId: string, round: number): RoundRow | null;
  /** Rising round numbers. */
  list(federationId: string): RoundRow[];
}

export interface UpdateTable {
  /** @throws if this client already has an update in this round */
  insert(row: UpdateRow): void;
  find(federationId: string, round: number, clientId: string): UpdateRow | null;
  listOfRound(federationId: string, round: number): UpdateRow[];
  /** Rounds in which the client's update was accepted, rising. */
  roundsOfClient(federationId: string, clientId: string): number[];
}

export interface ClientTable {
  put(row: ClientRow): void;
  find(federationId: string, clientId: string): ClientRow | null;
  list(federationId: string): ClientRow[];
}

export interface SessionTable {
  insert(row: SessionRow): void;
  find(tokenSha256: string): SessionRow | null;
  delete(tokenSha256: string): void;
  deleteOfClient(federationId: string, clientId: string): void;
  deleteExpired(nowMs: number): void;
}

export interface SignInTokenTable {
  insert(tokenSha256: string, expiresAtMs: number): void;
  /** Marks the token as used when it can be used, and says what it was before. */
  use(tokenSha256: string, nowMs: number): 'fresh' | 'used' | 'expired' | 'unknown';
}

export interface InviteTable {
  insert(row: InviteRow): void;
  find(tokenSha256: string): InviteRow | null;
  list(federationId: string): InviteRow[];
  /** Counts one use; false, and counts nothing, where the limit is reached. */
  use(inviteId: string): boolean;
  revoke(inviteId: string): void;
}

export interface AuditTable {
  append(row: AuditRow): void;
  /** Oldest first; null lists every federation and the hub itself. */
  list(federationId: string | null): AuditRow[];
}

export interface AlertTable {
  append(alert: Alert): void;
  /** Oldest first, at most the newest 200. */
  list(federationId: string): Alert[];
}

export interface CounterTable {
  /** Adds `amount` ≥ 0 to a total; `federationId` is empty where it belongs to none. */
  add(federationId: string, name: string, label: string, amount: number): void;
  list(): CounterRow[];
}

export interface BaseModelTable {
  put(row: BaseModelRow): void;
  list(): BaseModelRow[];
}

export interface ValueTable {
  get(name: string): string | null;
  set(name: string, value: string): void;
}
