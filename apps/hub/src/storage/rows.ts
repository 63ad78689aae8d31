import type { AdapterSpec } from '@roundtable/lora';
import type {
  AdapterReference,
  BaseModelManifest,
  ConsentRecord,
  CountersignedReceipt,
  FederationSettings,
  FederationSpending,
  Role,
  RoundRecord,
} from '@roundtable/protocol';

/** A federation as the hub keeps it. Changes only together with the machine state that caused the change. */
export interface FederationRow {
  readonly federationId: string;
  settings: FederationSettings;
  /** Settings that take the place of `settings` once no round is open; null where nothing changes. */
  nextSettings: FederationSettings | null;
  readonly spec: AdapterSpec;
  readonly baseModel: BaseModelManifest;
  readonly operator: string;
  /** Digest of what contributors consented to; fixed for the life of the federation. */
  readonly consentVersion: string;
  readonly createdAtMs: number;
  /** Numbers in one upload. */
  readonly parameterCount: number;
  /** Blob with the evaluation rows as JSON; null where the hub does not evaluate. */
  readonly evaluationSha256: string | null;
  evalLossBefore: number | null;
  evalAccuracyBefore: number | null;
  /** What a roll-back to round 0 restores. */
  readonly initialAdapter: AdapterReference;
  readonly initialWeightsSha256: string;
  /** The broadcast file that clients fetch now. */
  adapter: AdapterReference;
  /** Blob of the float32 weights behind `adapter`: all A then B per target, in the order of `spec.targets`. */
  weightsSha256: string;
  /** The round machine's state as JSON text. */
  machine: string;
}

/** A round: the public record and the blob of the float32 weights that it made. */
export interface RoundRow {
  readonly federationId: string;
  record: RoundRecord;
  weightsSha256: string | null;
}

/** An accepted update: its frame is on disk as the blob `sha256` before this row exists. */
export interface UpdateRow {
  readonly federationId: string;
  readonly round: number;
  readonly clientId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** L2 norm of the dequantized update. */
  readonly norm: number;
  /** Of the frame: 0 under differential privacy. */
  readonly sampleCount: number;
  readonly acceptedAtMs: number;
}

/** A person at this hub, over all its federations and her devices. */
export interface AccountRow {
  readonly accountId: string;
  /** As the admin wrote it into her personal invite; null for who came by an open link. */
  readonly personName: string | null;
  readonly createdAtMs: number;
}

/** A contributor's identity within one federation; an account has at most one there. */
export interface ClientRow {
  readonly federationId: string;
  readonly clientId: string;
  readonly accountId: string;
  displayName: string;
  readonly isSimulated: boolean;
  readonly joinedAtMs: number;
  isRemoved: boolean;
  /** Revoked the consent; may join again by consenting again. */
  hasLeft: boolean;
  lastSeenAtMs: number;
  refusedUpdates: number;
  /** Of the last accepted update; null before the first. */
  lastUpdateNorm: number | null;
}

/** A signed-in person or program. Only the digest of its token is kept. */
export interface SessionRow {
  readonly tokenSha256: string;
  readonly role: Role;
  /** Null for admins and for viewers of all federations. */
  readonly federationId: string | null;
  readonly clientId: string | null;
  /** For the audit log: `admin`, the display name or the invite's id. */
  readonly label: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface InviteRow {
  readonly inviteId: string;
  readonly tokenSha256: string;
  readonly federationId: string;
  readonly role: 'viewer' | 'contributor';
  /** The one person whom it is for; null for an open link. */
  readonly accountId: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly maxUses: number | null;
  uses: number;
  isRevoked: boolean;
}

/** What one round of a federation costs by its settings; they never change. */
export type ReleasePlan = Pick<FederationSpending, 'release' | 'releasesPerRound'>;

/** What one account has spent in one federation. */
export interface AccountSpending {
  readonly federationId: string;
  readonly plan: ReleasePlan;
  /** Rising. */
  readonly rounds: readonly number[];
  readonly openingRounds: number;
}

/** A countersigned receipt of an accepted update. */
export interface ReceiptRow {
  readonly federationId: string;
  readonly round: number;
  readonly clientId: string;
  readonly publicKey: string;
  readonly receiptSha256: string;
  readonly acceptedAtMs: number;
  /** Null after the contributor withdrew: the hash stays. */
  readonly document: CountersignedReceipt | null;
}

export interface ConsentRow extends ConsentRecord {
  readonly federationId: string;
}

export interface AuditRow {
  readonly atMs: number;
  /** The session's label. */
  readonly actor: string;
  /** For example `federation:create`, `client:remove`. */
  readonly action: string;
  readonly federationId: string | null;
  readonly detail: string;
}

/** A running total, for example name `refusals`, label `malformed`. */
export interface CounterRow {
  /** Empty where the total belongs to no federation. */
  readonly federationId: string;
  readonly name: string;
  readonly label: string;
  readonly total: number;
}

/** A base model folder that an admin registered while the hub ran. */
export interface BaseModelRow {
  readonly baseModelId: string;
  readonly folder: string;
  readonly addedAtMs: number;
}
