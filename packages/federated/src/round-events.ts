import type { CohortSettings, DeclineReason, FederationPhase } from '@roundtable/protocol';
import type { RoundOutcome, RoundState } from './round-state.ts';

interface ClientEvent {
  readonly clientId: string;
}
interface RoundNumber {
  readonly round: number;
}
type Kind<K extends string, Fields = unknown> = {
  readonly kind: K;
  readonly nowMs: number;
} & Fields;

/** What can happen to a federation. Every event carries the time at which it happened. */
export type RoundEvent =
  /** Admin: begin recruiting. */
  | Kind<'start'>
  /** Admin: no new round; the open one runs to its end. */
  | Kind<'pause'>
  | Kind<'resume'>
  /** Admin: end the federation; an open round is abandoned. */
  | Kind<'stop'>
  /** Admin: make the adapter of a completed round (0: the start) the current one. */
  | Kind<'roll-back', RoundNumber>
  /** Admin: applies from the next round on. */
  | Kind<'settings-changed', { readonly cohort?: CohortSettings; readonly rounds?: number }>
  /** Admin: this client takes part no more, her update of the open round is left out. */
  | Kind<'client-removed', ClientEvent>
  /** A connected client wants to train. Also after a reconnect. */
  | Kind<'client-ready', ClientEvent>
  /** A connected client wants no further rounds for now. Also after a reconnect while paused. */
  | Kind<'client-unready', ClientEvent>
  /** A client's last connection is gone. */
  | Kind<'client-gone', ClientEvent>
  /** A client's update is on disk. */
  | Kind<'update-accepted', ClientEvent & RoundNumber>
  /** A client will send no update for this round. */
  | Kind<'client-declined', ClientEvent & RoundNumber & { readonly reason: DeclineReason }>
  /** The time asked for by `wake` has come (or any other time: ticks are harmless). */
  | Kind<'tick'>
  /** The hub has stored the round's adapter. */
  | Kind<'aggregated', RoundNumber>
  /** The hub could not make the round's adapter. */
  | Kind<'aggregation-failed', RoundNumber>
  /** The evaluation is done, failed, or there is none. */
  | Kind<'evaluated', RoundNumber>
  /** The hub has loaded this state after a restart: nobody is connected, effects may not have been carried out. */
  | Kind<'restarted'>;

/** What the hub must do, in this order, after it has stored the new state. */
export type RoundEffect =
  /** Send `round:announce` to these clients. */
  | {
      readonly kind: 'announce';
      readonly round: number;
      readonly clientIds: readonly string[];
      readonly deadlineMs: number;
      readonly completedRounds: number;
    }
  /** Send a `tick` at this time; replaces any earlier wake. */
  | { readonly kind: 'wake'; readonly atMs: number }
  /** Average these clients' updates, store the adapter, then send `aggregated`. Harmless twice. */
  | { readonly kind: 'aggregate'; readonly round: number; readonly clientIds: readonly string[] }
  /** Score the new adapter, then send `evaluated`. Harmless twice. */
  | { readonly kind: 'evaluate'; readonly round: number }
  /** Send `round:closed` to these clients. */
  | ({
      readonly kind: 'close';
      readonly round: number;
      readonly clientIds: readonly string[];
    } & RoundOutcome)
  /** Make the adapter of this round the current one. */
  | { readonly kind: 'restore'; readonly round: number }
  /** Send `federation:status` to all joined clients. */
  | ({ readonly kind: 'status' } & RoundStatus);

export interface RoundStatus {
  readonly phase: FederationPhase;
  readonly completedRounds: number;
  readonly presentClients: number;
  readonly neededClients: number;
}

export interface RoundStep {
  readonly state: RoundState;
  readonly effects: readonly RoundEffect[];
}
