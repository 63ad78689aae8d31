import type { Alert } from '@roundtable/protocol';
import type {
  AccountRow,
  AccountSpending,
  AuditRow,
  BaseModelRow,
  ClientRow,
  ConsentRow,
  CounterRow,
  FederationRow,
  InviteRow,
  ReceiptRow,
  ReleasePlan,
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
  readonly accounts: AccountTable;
  readonly deviceKeys: DeviceKeyTable;
  readonly spending: SpendingTable;
  readonly receipts: ReceiptTable;
  readonly consents: ConsentTable;
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
  /** Federations one of whose adapter files, the first or that of a round, has this hash. */
  publishersOf(adapterSha256: string): string[];
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
  findByAccount(federationId: string, accountId: string): ClientRow | null;
  list(federationId: string): ClientRow[];
}

export interface AccountTable {
  /** @throws if another account has that name but for case, width and spaces */
  insert(row: AccountRow): void;
  find(accountId: string): AccountRow | null;
  findByName(personName: string): AccountRow | null;
}

/** Keys with which a client's devices joined; they sign its receipts. */
export interface DeviceKeyTable {
  /** Of a client's keys without receipts only the newest 32 are kept. */
  add(federationId: string, clientId: string, publicKey: string, nowMs: number): void;
  has(federationId: string, clientId: string, publicKey: string): boolean;
  /** Notes that the device was asked for an update of the round. */
  announce(federationId: string, clientId: string, publicKey: string, round: number): void;
  /** The device that was asked for an update of the round; null where none is known. */
  announcedTo(federationId: string, clientId: string, round: number): string | null;
  deleteOfClient(federationId: string, clientId: string): void;
}

/** Declared releases by account. Nothing deletes from it, not even the end of a federation. */
export interface SpendingTable {
  /** Counts a round once, however often it is recorded; false where it was known. */
  record(accountId: string, federationId: string, round: number, nowMs: number): boolean;
  /** Rounds that count from the start for an account that came by an open link. */
  open(accountId: string, federationId: string, openingRounds: number): void;
  /** The first plan of a federation stays. */
  putPlan(federationId: string, plan: ReleasePlan): void;
  /** Rounds that count for the account in the federation, opening included. */
  spentRounds(accountId: string, federationId: string): number;
  /** The most that count for any account of the federation that is not simulated. */
  mostSpentRounds(federationId: string): number;
  /** Federations in which something counts, by their id. */
  ofAccount(accountId: string): AccountSpending[];
}

export interface ReceiptTable {
  /** @throws if this client already has a receipt in this round */
  insert(row: ReceiptRow): void;
  find(federationId: string, round: number, clientId: string): ReceiptRow | null;
  /** Hash of the last receipt that this key signed; null before the first, and after a withdrawal begins anew. */
  lastSha256(federationId: string, clientId: string, publicKey: string): string | null;
  /** Whether some receipt of the federation that is not redacted has that hash. */
  isKnown(federationId: string, receiptSha256: string): boolean;
  /** By client, then rising rounds. */
  list(federationId: string): ReceiptRow[];
  /** Forgets the content of a client's receipts and keeps their hashes. */
  redactOfClient(federationId: string, clientId: string): void;
  deleteOfFederation(federationId: string): number;
}

export interface ConsentTable {
  append(row: ConsentRow): void;
  /** The account's last line in the federation. */
  last(federationId: string, accountId: string): ConsentRow | null;
  /** Oldest first; null lists every federation. */
  list(federationId: string | null): ConsentRow[];
  deleteOfFederation(federationId: string): number;
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
  /** When each federation was last written of, deleted ones included. */
  lastLines(): { federationId: string; atMs: number }[];
  deleteOfFederation(federationId: string): number;
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
