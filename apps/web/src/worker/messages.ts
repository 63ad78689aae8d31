import type { FailureCause } from '@roundtable/participant';
import type { FederationManifest, FederationPhase, RefusalReason } from '@roundtable/protocol';

/**
 * Everything the page and the contributor's worker say to each other. The page holds no tensor, no
 * table and no socket: it sends commands and shows the last event of each kind. Each event carries
 * the whole changed part, so applying one twice is harmless.
 */

export type BackendName = 'webgpu' | 'wasm' | 'cpu';
export type PowerLevel = 'light' | 'medium' | 'full';

export type WorkerCommand =
  /** First message: whose seat, at which hub. `backend` forces one for tests and support. */
  | {
      kind: 'open';
      hubUrl: string;
      token: string;
      federationId: string;
      backend: BackendName | null;
    }
  /** The person agreed to exactly this version of the conditions. */
  | { kind: 'give-consent'; consentVersion: string }
  | { kind: 'check-device' }
  | { kind: 'fetch-model' }
  | { kind: 'cancel-fetch' }
  /** Reads these files as one table; `encoding` overrides the detected one. */
  | { kind: 'read-files'; files: File[]; encoding: string | null }
  | { kind: 'use-sample' }
  | { kind: 'choose-columns'; input: string; output: string }
  /** Counts a label of the file as one of the federation's, or skips its rows (`to: null`). */
  | { kind: 'map-label'; label: string; to: string | null }
  | { kind: 'redact-row'; row: number; isRedacted: boolean }
  | { kind: 'show-rows'; offset: number; count: number }
  /** Keeps the prepared examples in this browser and closes the table. */
  | { kind: 'keep-data' }
  | { kind: 'discard-table' }
  | { kind: 'delete-data' }
  | { kind: 'start' }
  | { kind: 'pause' }
  | { kind: 'stop' }
  | { kind: 'set-power'; power: PowerLevel }
  /** The battery is only visible to the page. */
  | { kind: 'set-battery'; isDischarging: boolean; pauseOnBattery: boolean }
  | { kind: 'show-sent'; round: number }
  /** Checks signatures, countersignatures and links of the receipts kept here. */
  | { kind: 'verify-receipts' }
  /** Asks for the receipts as the text of a file that `npm run verify-receipt` takes. */
  | { kind: 'export-receipts' }
  | { kind: 'try'; text: string }
  | { kind: 'delete-learned' }
  | { kind: 'leave' };

/** Bounds compiled into this page; no setting of a hub passes them. */
export interface CompiledCaps {
  largestEpsilon: number;
  /** Over all federations of one hub, for one person. */
  largestTotalEpsilon: number;
  largestDelta: number;
  smallestNoiseMultiplier: number;
  mostLocalSteps: number;
  /** Differences that a round of the zeroth order sends. */
  mostScalars: number;
  mostRounds: number;
}

/** What holds for `k` examples that say the same, at this ε and δ. */
export interface GroupFigure {
  k: number;
  epsilon: number;
  delta: number;
}

/** Whether people who see only the shared model are proved to learn less than the hub, or why not. */
export type BroadcastProof =
  'proven' | 'several-steps' | 'nonlinear-upload' | 'other-noise' | 'too-few-clients';

/** What this federation costs a contributor, computed from its public settings. */
export interface FederationFacts {
  /** Numbers of one update. */
  parameterCount: number;
  /** Bits of one number on the wire. */
  uploadBits: number;
  /** Bytes of one update on the wire, frame included. */
  updateBytes: number;
  /** What comes down of each round: the adapter's file, or one record of a log. */
  adapterBytes: number;
  modelBytes: number;
  /** ε of one round and of all rounds against the hub; null without differential privacy. */
  epsilonRound: number | null;
  epsilonTotal: number | null;
  /** The same against people who see only the shared model; equal where no gain can be proved. */
  epsilonOutsideRound: number | null;
  epsilonOutsideTotal: number | null;
  /** Null without differential privacy. */
  broadcastProof: BroadcastProof | null;
  /** For k = 2, 5 and 10; empty without differential privacy and where a whole person is the unit. */
  groups: GroupFigure[];
  caps: CompiledCaps;
  hasSample: boolean;
}

/** The person's running totals by her own ledger and by the hub's record of her. */
export interface SpendingView {
  /** ε of this federation and its budget. */
  federation: number;
  federationBudget: number;
  /** ε over all federations of this hub that count together, and the bound compiled into this page. */
  total: number;
  totalCap: number;
  /** Federations of this hub in which anything was spent. */
  federations: number;
  /** Rounds that the hub's countersigned record holds and this browser's ledger does not. */
  roundsFromHub: number;
  /** Rounds that count because she came by an open link and may have come by it before. */
  openingRounds: number;
  /** False while the hub's record has not come or does not hold: nothing is trained then. */
  isHubRecordVerified: boolean;
}

export type Speed = 'fast' | 'enough' | 'slow';
export type DeviceState =
  | { kind: 'unknown' }
  | { kind: 'checking' }
  | {
      kind: 'checked';
      backend: BackendName;
      /** Why not WebGPU, where it is not. */
      why: 'best' | 'no-webgpu' | 'software-gpu' | 'webgpu-failed' | 'forced';
      adapterName: string | null;
      gigaflops: number;
      speed: Speed;
      memoryGiB: number | null;
      freeStorageBytes: number | null;
    }
  | { kind: 'unusable'; detail: string };

export type ModelState =
  | { kind: 'unknown' }
  | { kind: 'missing'; doneBytes: number; totalBytes: number }
  | { kind: 'fetching'; file: string; doneBytes: number; totalBytes: number; resumedBytes: number }
  | { kind: 'stored'; totalBytes: number; fetchedBytes: number }
  | {
      kind: 'failed';
      reason: 'network' | 'hash-mismatch' | 'storage-full' | 'refused' | 'storage';
      detail: string;
      doneBytes: number;
      totalBytes: number;
    };

export interface FileReport {
  name: string;
  rows: number;
  encoding: string;
  /** One of the reader's closed error kinds, where the file could not be used. */
  error: { kind: string; detail: string } | null;
  /** `count` is a lower bound where a file has very many. */
  warnings: { kind: string; count: number; isLowerBound: boolean; firstRow: number }[];
}

export interface LabelCount {
  label: string;
  rows: number;
  /** The federation's label it counts as; null where its rows are skipped. */
  mappedTo: string | null;
}

/** Examples kept in this browser; the text itself stays in the worker's storage. */
export interface DataSummary {
  examples: number;
  isSample: boolean;
  fileNames: string[];
  savedAtMs: number;
  /** How often the most repeated text stands among the examples; 1 where all differ. */
  mostRepeated: number;
}

export interface TableState {
  files: FileReport[];
  isSample: boolean;
  columns: string[];
  input: string;
  output: string;
  rowCount: number;
  usable: number;
  skipped: { empty: number; unknownLabel: number; redacted: number };
  /** Labels of the chosen column; empty for generation. */
  labels: LabelCount[];
  tooManyLabels: boolean;
}

export type DataState =
  | { kind: 'none'; files: FileReport[] }
  | { kind: 'reading'; fileNames: string[] }
  | { kind: 'table'; table: TableState }
  /** `group` is what holds for her most repeated text; null where nothing repeats or nothing is protected by example. */
  | { kind: 'kept'; summary: DataSummary; group: GroupFigure | null };

export interface PreviewRow {
  row: number;
  input: string;
  output: string;
  isRedacted: boolean;
  status: 'used' | 'empty' | 'unknown-label';
}

export type Activity =
  | 'paused'
  | 'preparing'
  | 'connecting'
  | 'waiting'
  | 'training'
  | 'sending'
  | 'stopped'
  | 'finished'
  | 'failed'
  | 'refused';

export type WaitingReason =
  | 'more-people'
  | 'next-round'
  | 'aggregating'
  | 'admin-paused'
  | 'not-started'
  | 'budget'
  | 'total-budget'
  | 'abandoned-rounds'
  | 'fault';

export interface Evaluation {
  round: number;
  loss: number | null;
  accuracy: number | null;
}

export interface TrainingState {
  activity: Activity;
  /** Set while waiting. */
  waitingFor: WaitingReason | null;
  pausedBy: 'person' | 'battery' | null;
  /** How many examples have run through the frozen layers, while preparing. */
  prepared: { done: number; total: number } | null;
  phase: FederationPhase;
  round: number | null;
  completedRounds: number;
  totalRounds: number;
  step: number;
  steps: number;
  /** Deadline of the running round on this device's clock. */
  deadlineAtMs: number | null;
  present: number;
  needed: number;
  /** Stays on this device. */
  loss: number | null;
  losses: number[];
  epsilonSpent: number | null;
  epsilonBudget: number | null;
  /** Over all federations of this hub, and the bound compiled into this page. */
  epsilonTotal: number | null;
  epsilonTotalCap: number | null;
  sentBytes: number;
  receivedBytes: number;
  sentUpdates: number;
  examples: number;
  /** Why the hub, or this client's own limits, said no. */
  refusal: {
    reason: RefusalReason | 'limits' | 'terms-changed' | 'unverified-record';
    detail: string;
  } | null;
  /** The latest update that the hub took without a countersignature that holds. */
  uncountersigned: { round: number; detail: string } | null;
  /** What went wrong on this device in the last round, in words for support. */
  fault: string | null;
  /** Why the last round gave no update; some of the causes count as spent. */
  failureCause: FailureCause | null;
  evaluations: Evaluation[];
}

/** One round's proof, kept on this device. `examplesUsed` is sent only without differential privacy. */
export interface ReceiptView {
  federationId: string;
  round: number;
  atMs: number;
  /** `withheld`: nothing left this device, and the round counts all the same. */
  outcome: 'sent' | 'withheld';
  /** Why nothing left; null where it did. */
  cause: FailureCause | null;
  /** When the hub signed that it took the update; null where it has not. */
  countersignedAtMs: number | null;
  sentBytes: number;
  sha256: string;
  mechanism: 'gaussian' | 'laplace' | 'discrete-gaussian' | 'skellam' | 'none';
  privacyUnit: 'example' | 'client' | null;
  clippingNorm: number | null;
  noiseMultiplier: number | null;
  quantizationBits: number;
  epsilonRound: number | null;
  epsilonTotal: number | null;
  delta: number | null;
  adapterSha256: string;
  baseModelId: string;
  /** Null where training failed. */
  examplesUsed: number | null;
  /** SHA-256 of the receipt before it; null for the first. */
  previousSha256: string | null;
}

/** What the check of all receipts found. */
export type ReceiptsCheck =
  | { ok: true; receipts: number; countersigned: number; hubPublicKey: string }
  /** `round` is that of the first receipt that does not hold; null where none can be told. */
  | { ok: false; round: number | null; fault: string };

/** The very integers that left this device in one round. */
export interface SentUpdate {
  round: number;
  sizeBytes: number;
  bits: number;
  blockSize: number;
  parameterCount: number;
  /** How often each code stands in the update, from the most negative to the most positive. */
  histogram: { code: number; count: number }[];
  firstCodes: number[];
  firstBytes: Uint8Array;
}

export interface ScoredLabel {
  label: string;
  probability: number;
}
export type TrialState =
  | { kind: 'none' }
  | { kind: 'running'; text: string }
  | {
      kind: 'classified';
      text: string;
      base: ScoredLabel[];
      tuned: ScoredLabel[];
      adapterRound: number;
    }
  | { kind: 'generated'; text: string; base: string; tuned: string; adapterRound: number }
  | { kind: 'failed'; text: string; detail: string };

export type FatalReason = 'gpu-error' | 'device-lost' | 'crashed';

export type WorkerEvent =
  | {
      kind: 'opened';
      manifest: FederationManifest;
      facts: FederationFacts;
      /** Version the person agreed to on this device, if any. */
      consentVersion: string | null;
    }
  | {
      kind: 'open-failed';
      reason: RefusalReason | 'unreachable' | 'unsupported-model' | 'storage';
      detail: string;
    }
  | { kind: 'manifest'; manifest: FederationManifest }
  /** `false` while another tab of this browser holds the seat. */
  | { kind: 'seat'; isHeld: boolean }
  | { kind: 'device'; device: DeviceState }
  | { kind: 'model'; model: ModelState }
  | { kind: 'data'; data: DataState }
  | { kind: 'rows'; offset: number; rows: PreviewRow[]; rowCount: number }
  | { kind: 'training'; training: TrainingState }
  | { kind: 'spending'; spending: SpendingView | null }
  | { kind: 'receipts'; receipts: ReceiptView[] }
  | { kind: 'receipts-checked'; check: ReceiptsCheck }
  | { kind: 'receipts-exported'; text: string }
  | { kind: 'sent'; sent: SentUpdate | null }
  | { kind: 'trial'; trial: TrialState }
  | { kind: 'command-failed'; command: WorkerCommand['kind']; detail: string }
  | { kind: 'left' }
  /** The person agreed to newer conditions than this worker was opened with: open a fresh one. */
  | { kind: 'reopen' }
  /** The worker is unusable from here on; the page starts a fresh one. Nothing was sent after it. */
  | { kind: 'fatal'; reason: FatalReason; detail: string };
