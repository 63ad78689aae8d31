import type {
  DeclineReason,
  FederationStatus,
  RefusalReason,
  RoundClosed,
} from '@roundtable/protocol';
import type { BudgetState, BudgetVerdict } from './budget.ts';
import type { StepProgress } from './trainer.ts';

/** Why a round gave no update from this client, for the person at the screen. */
export type FailureCause =
  /** A number became NaN or infinite, left the grid, or the random source failed: the round counts as spent. */
  | 'not-finite'
  | 'grid-overflow'
  | 'random-source'
  /** Training failed otherwise; the round counts as spent. */
  | 'trainer-failed'
  | 'adapter-unusable'
  | 'frame-too-large'
  | 'storage-failed'
  /** Booked earlier, but the update was lost: it is never computed twice. */
  | 'update-lost';

/** Which budget does not hold another round. */
export type SpentBudget = Exclude<BudgetVerdict, 'affordable'>;

/** What the participant is doing; each kind has only its own fields. */
export type ParticipantActivity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  /** For the next round; `FederationStatus` says what it waits for. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'downloading'; readonly round: number; readonly deadlineMs: number }
  | {
      readonly kind: 'training';
      readonly round: number;
      readonly deadlineMs: number;
      readonly steps: number;
      /** The latest finished step; null before the first. */
      readonly progress: StepProgress | null;
    }
  | { readonly kind: 'sending'; readonly round: number; readonly deadlineMs: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'budget-spent'; readonly because: SpentBudget }
  /** Tries again by itself unless `isFinal`; then `resume` does. */
  | {
      readonly kind: 'failed';
      readonly cause: FailureCause;
      readonly detail: string;
      readonly isFinal: boolean;
    }
  /** The hub, this client's own limits, or its check of the hub's record of spending said no for good. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason | 'limits' | 'terms-changed' | 'unverified-record';
      readonly detail: string;
    }
  | { readonly kind: 'finished' }
  | { readonly kind: 'stopped' };

export interface ParticipantState {
  readonly activity: ParticipantActivity;
  readonly isConnected: boolean;
  readonly isPaused: boolean;
  /** The hub's latest word on the federation. */
  readonly federation: Omit<FederationStatus, 'federationId'> | null;
  /** Null without differential privacy, and before `start`. */
  readonly budget: BudgetState | null;
  /** Bytes of update frames, repeats included, and of global adapters. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly acceptedRounds: number;
  readonly lastRefusal: { readonly reason: RefusalReason; readonly detail: string } | null;
  /** The latest update whose countersignature by the hub did not hold: it was taken, but there is no proof of that. */
  readonly uncountersigned: { readonly round: number; readonly detail: string } | null;
  readonly lastClosed: RoundClosed | null;
}

export const initialParticipantState: ParticipantState = {
  activity: { kind: 'idle' },
  isConnected: false,
  isPaused: false,
  federation: null,
  budget: null,
  sentBytes: 0,
  receivedBytes: 0,
  acceptedRounds: 0,
  lastRefusal: null,
  uncountersigned: null,
  lastClosed: null,
};

/** How a round ended for this client. */
export type RoundResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string }
  /** Nothing leaves; the hub is told where `decline` is not null. */
  | { readonly kind: 'given-up'; readonly decline: DeclineReason | null }
  | { readonly kind: 'budget-spent'; readonly because: SpentBudget }
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string };
