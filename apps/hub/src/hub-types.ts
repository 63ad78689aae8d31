import type { Server } from 'node:http';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type {
  BaseModelManifest,
  Ceilings,
  DashboardEvent,
  FederationAction,
  FederationManifest,
  FederationRecord,
  FederationSettings,
  Ok,
  Refusal,
  RefusalReason,
  SignedSpending,
} from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import type { Evaluator } from './rounds/evaluator.ts';
import type { Authority } from './session/authority.ts';
import type { BlobStore } from './storage/blob-store.ts';
import type { FederationRow } from './storage/rows.ts';
import type { Store } from './storage/store.ts';

export interface HubLimits {
  /** Largest socket frame in bytes; clients learn it in the welcome. */
  readonly maxFrameBytes: number;
  /** Socket requests of one session per ten seconds, all events together. */
  readonly requestsPerTenSeconds: number;
  /** Open sockets of one session; a further one takes the place of the oldest. */
  readonly socketsPerSession: number;
}

export const DEFAULT_LIMITS: HubLimits = {
  maxFrameBytes: 16 * 1024 * 1024,
  requestsPerTenSeconds: 60,
  socketsPerSession: 8,
};

/** How an organization bounds what its admins may set up. */
export const DEFAULT_CEILINGS: Ceilings = {
  maxEpsilon: 16,
  minCohort: 1,
  isPrivacyRequired: false,
};
/** Days for which receipts, consents and audit lines of a federation are kept after its end. */
export const DEFAULT_RETENTION_DAYS = 365;

/** Where the hub takes time from; tests bring their own. */
export interface HubClock {
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** What the hub writes to the log; a pino logger fits. */
export interface HubLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HubOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly authority: Authority;
  readonly evaluator: Evaluator;
  readonly clock: HubClock;
  readonly logger: HubLogger;
  readonly limits: HubLimits;
  readonly ceilings: Ceilings;
  readonly retentionDays: number;
  /** Countersigns receipts and signs spending; contributors know the hub by its key. */
  readonly signer: Signer;
}

/** What an admin's form, the demo or a test hands over to create a federation. */
export interface NewFederation {
  readonly settings: FederationSettings;
  /** Resolved from the settings and the base model's module catalog. */
  readonly spec: AdapterSpec;
  readonly baseModel: BaseModelManifest;
  readonly operator: string;
  readonly evaluation: readonly { readonly input: string; readonly output: string }[] | null;
  /** A federation of this hub whose current weights are the start, in place of fresh ones. */
  readonly startFrom?: string | null;
}

/** The running hub without its HTTP routes: rounds, sockets and what both remember. */
export interface Hub {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly ceilings: Ceilings;
  /** Serves sockets on an HTTP server, before or after it listens. */
  attach(server: Server): void;
  createFederation(federation: NewFederation, actor: string): Promise<FederationRow | Refusal>;
  deleteFederation(federationId: string, actor: string): Promise<Ok | Refusal>;
  act(federationId: string, action: FederationAction, actor: string): Promise<Ok | Refusal>;
  /** The whole picture of one federation for dashboards and exports; null where it does not exist. */
  record(federationId: string): FederationRecord | null;
  records(): FederationRecord[];
  /** What contributors see; null where it does not exist. */
  manifest(federationId: string): FederationManifest | null;
  /** Weights after `round` (0 is the start), or the current ones; null where they do not exist. */
  weights(federationId: string, round?: number): Promise<AdapterWeights | null>;
  /** The current weights as contributors have them: under FedLPP, less than the hub has. */
  clientWeights(federationId: string): Promise<AdapterWeights | null>;
  /** What the account of that client has spent on this hub, signed; null where there is no such client. */
  spending(federationId: string, clientId: string): Promise<SignedSpending | null>;
  /** Counts bytes that went out over HTTP to a client of a federation; dashboards (null) are no cost of a round. */
  countDownload(federationId: string, clientId: string | null, bytes: number): void;
  /** Counts a refusal given outside of the sockets. */
  countRefusal(federationId: string | null, reason: RefusalReason): void;
  /** Disconnects the sockets of a session that was signed out. */
  endSession(tokenSha256: string): void;
  openSockets(): number;
  /** Listens to everything that dashboards see; returns the way to stop. */
  subscribe(listener: (event: DashboardEvent) => void): () => void;
  /** Stops timers and sockets; the store stays open for its owner to close. */
  close(): Promise<void>;
}
