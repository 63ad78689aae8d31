import type {
  DeclineReason,
  FederationStatus,
  RefusalReason,
  RoundClosed,
} from '@roundtable/protocol';
import type { BudgetState } from './budget.ts';
import type { StepProgress } from './trainer.ts';

/** Why a round gave no update from this client, for the person at the screen. */
export type FailureCause =
  | 'trainer-failed'
  | 'adapter-unusable'
  | 'frame-too-large'
  | 'storage-failed'
  /** Booked earlier, but the update was lost: it is never computed twice. */
  | 'update-lost';

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
  | { readonly kind: 'budget-spent'; readonly because: 'budget-spent' | 'abandoned-rounds' }
  /** Tries again by itself unless `isFinal`; then `resume` does. */
  | {
      readonly kind: 'failed';
      readonly cause: FailureCause;
      readonly detail: string;
      readonly isFinal: boolean;
    }
  /** The hub, or this client's own limits, said no for good. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason | 'limits' | 'terms-changed';
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
  lastClosed: null,
};

/** How a round ended for this client. */
export type RoundResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string }
  /** Nothing leaves; the hub is told where `decline` is not null. */
  | { readonly kind: 'given-up'; readonly decline: DeclineReason | null }
  | { readonly kind: 'budget-spent'; readonly because: 'budget-spent' | 'abandoned-rounds' }
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string };
