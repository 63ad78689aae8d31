import type {
  AbandonReason,
  CohortSettings,
  FederationPhase,
  RefusalReason,
} from '@roundtable/protocol';

export type MemberStatus = 'training' | 'accepted' | 'declined' | 'gone' | 'removed';

/** One client of the open round's cohort. */
export interface CohortMember {
  readonly clientId: string;
  readonly status: MemberStatus;
  /** When she went away or declined; null while she trains or is done. */
  readonly leftAtMs: number | null;
  /** Whether another client was already announced in her place. */
  readonly isReplaced: boolean;
}

export interface TrainingStage {
  readonly kind: 'training';
  readonly round: number;
  readonly startedAtMs: number;
  readonly deadlineMs: number;
  /** Updates without which the round is abandoned at its deadline. */
  readonly needed: number;
  /** Updates at which the round closes early. */
  readonly wanted: number;
  readonly members: readonly CohortMember[];
}

/** Where the federation stands; each stage has only its own fields. */
export type RoundStage =
  | { readonly kind: 'created' }
  | { readonly kind: 'recruiting'; readonly notBeforeMs: number }
  | TrainingStage
  | {
      readonly kind: 'aggregating' | 'evaluating';
      readonly round: number;
      /** Clients whose updates count. */
      readonly clientIds: readonly string[];
      /** All clients that were asked. */
      readonly announced: readonly string[];
    }
  | { readonly kind: 'stopped'; readonly because: 'finished' | 'stopped' };

/** Everything the round machine knows. Plain JSON, so that the hub stores it with every transition. */
export interface RoundState {
  readonly version: 1;
  readonly cohort: CohortSettings;
  /** Completed rounds after which the federation is finished. */
  readonly rounds: number;
  readonly timing: RoundTiming;
  /** Public seed of the cohort draws. */
  readonly selectionSeed: string;
  /** Largest time seen; time never runs backwards in here. */
  readonly nowMs: number;
  /** Connected clients that want to train, sorted. */
  readonly ready: readonly string[];
  readonly removed: readonly string[];
  readonly isPaused: boolean;
  /** Numbers of the completed rounds that are in the current adapter. */
  readonly completed: readonly number[];
  /** Number of the latest announced round; numbers are never used twice. */
  readonly lastRound: number;
  readonly failuresInRow: number;
  /** Since when the ready clients are at least the minimum. */
  readonly enoughSinceMs: number | null;
  readonly stage: RoundStage;
}

/** Waits in milliseconds that are not an admin's business. */
export interface RoundTiming {
  /** How long a round waits for the target once the minimum is there. */
  readonly gatherMs: number;
  /** First wait after an abandoned round; doubles with each further one, up to a minute. */
  readonly retryMs: number;
  /** How long a member may be away before she is replaced or left out. */
  readonly leaverGraceMs: number;
}
export const defaultTiming: RoundTiming = {
  gatherMs: 2_000,
  retryMs: 2_000,
  leaverGraceMs: 10_000,
};

export interface RoundMachineOptions {
  readonly cohort: CohortSettings;
  readonly rounds: number;
  readonly selectionSeed: string;
  readonly timing?: RoundTiming;
}

/** The state of a federation that nobody has started yet. */
export function initialState(options: RoundMachineOptions): RoundState {
  return {
    version: 1,
    cohort: options.cohort,
    rounds: options.rounds,
    timing: options.timing ?? defaultTiming,
    selectionSeed: options.selectionSeed,
    nowMs: 0,
    ready: [],
    removed: [],
    isPaused: false,
    completed: [],
    lastRound: 0,
    failuresInRow: 0,
    enoughSinceMs: null,
    stage: { kind: 'created' },
  };
}

/** The phase that people see. A pause takes effect when the open round is over. */
export function phaseOf(state: RoundState): FederationPhase {
  const { kind } = state.stage;
  if (state.isPaused && (kind === 'created' || kind === 'recruiting')) return 'paused';
  return kind === 'evaluating' ? 'aggregating' : kind;
}

/** The member's entry in the round that is training, or null. */
export function memberOf(state: RoundState, clientId: string): CohortMember | null {
  if (state.stage.kind !== 'training') return null;
  return state.stage.members.find((member) => member.clientId === clientId) ?? null;
}

/** Why an update for `round` of this client cannot be taken now, or null where it can. */
export function updateRefusal(
  state: RoundState,
  clientId: string,
  round: number,
): RefusalReason | null {
  if (state.removed.includes(clientId)) return 'removed';
  if (round > state.lastRound || round < 1) return 'wrong-round';
  if (state.stage.kind !== 'training' || state.stage.round !== round) return 'round-closed';
  const member = memberOf(state, clientId);
  return member === null || member.status === 'declined' ? 'not-in-cohort' : null;
}

/** Whether the adapter of `round` can be made the current one: the start (0) or a completed round still in effect. */
export function canRollBack(state: RoundState, round: number): boolean {
  const { kind } = state.stage;
  if (kind === 'created' || kind === 'stopped') return false;
  return round === 0 || state.completed.includes(round);
}

export type RoundOutcome =
  | { readonly outcome: 'completed'; readonly reason: null }
  | { readonly outcome: 'abandoned'; readonly reason: AbandonReason };
