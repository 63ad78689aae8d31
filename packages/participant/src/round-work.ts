import type { UploadFormat } from '@roundtable/methods';
import type { FederationManifest, RoundAnnouncement } from '@roundtable/protocol';
import type { RandomSource } from '@roundtable/random';
import type { Signer } from '@roundtable/receipts';
import type { RoundBudget } from './budget.ts';
import type { GlobalAdapter } from './global-adapter.ts';
import type { FailureCause, ParticipantActivity, RoundResult } from './participant-state.ts';
import type { SentReceipt } from './receipt.ts';
import type { ParticipantStore } from './store.ts';
import type { ParticipantTrainer } from './trainer.ts';
import type { Transport } from './transport.ts';

/** One announced round on its way through this client. */
export interface RoundWork {
  readonly announcement: RoundAnnouncement;
  readonly manifest: FederationManifest;
  readonly clientId: string;
  readonly maxFrameBytes: number;
  readonly format: UploadFormat;
  readonly globalAdapter: GlobalAdapter;
  /** First round's learning rate as it stands now. */
  readonly learningRate: number;
  readonly deadlineMs: number;
  readonly transport: Transport;
  readonly store: ParticipantStore;
  readonly trainer: ParticipantTrainer;
  readonly budget: RoundBudget;
  readonly signer: Signer;
  /** Coins of the stochastic rounding. */
  readonly random: RandomSource;
  readonly nowMs: () => number;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Whether the hub knows this connection as ours. */
  readonly isJoined: () => boolean;
  /** Whether the hub says that it has this client's update of the round. */
  readonly isSubmitted: () => boolean;
  /** Null while the work goes on, else why it ends without an update. */
  readonly halted: () => RoundResult | null;
  readonly show: (activity: ParticipantActivity) => void;
  readonly received: (bytes: number) => void;
  /** Stores the receipt with the hub's countersignature; null where that did not hold. */
  readonly acknowledged: (receipt: SentReceipt | null) => Promise<void>;
}

/** The round ends for this client because something went wrong here. */
export function failed(cause: FailureCause, detail: string): RoundResult {
  return { kind: 'failed', cause, detail };
}
