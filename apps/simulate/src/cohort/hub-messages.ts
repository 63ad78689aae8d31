import type { RoundEffect, RoundEvent, RoundState } from '@roundtable/federated';
import type {
  AdapterReference,
  FederationStatus,
  RoundAnnouncement,
  RoundClosed,
} from '@roundtable/protocol';
import type { Evaluation } from '@roundtable/training';

/** The announcement of the open round; null between rounds. */
export function announcementOf(
  { stage, nowMs, completed }: RoundState,
  federationId: string,
  adapter: AdapterReference,
): RoundAnnouncement | null {
  if (stage.kind !== 'training') return null;
  return {
    federationId,
    round: stage.round,
    completedRounds: completed.length,
    adapter,
    remainingMs: Math.max(0, Math.floor(stage.deadlineMs - nowMs)),
  };
}

/** What the cohort of a round is told at its end. */
export function closedMessage(
  { round, outcome }: Extract<RoundEffect, { kind: 'close' }>,
  federationId: string,
  adapter: AdapterReference,
  evaluation: Evaluation | null,
): RoundClosed {
  const isCompleted = outcome === 'completed';
  return {
    federationId,
    round,
    outcome,
    evalLoss: isCompleted ? (evaluation?.loss ?? null) : null,
    evalAccuracy: isCompleted ? (evaluation?.accuracy ?? null) : null,
    adapterSha256: isCompleted ? adapter.sha256 : null,
  };
}

export function statusMessage(
  { kind: _, ...status }: Extract<RoundEffect, { kind: 'status' }>,
  federationId: string,
): FederationStatus {
  return { federationId, ...status };
}

type Decline = Omit<
  Extract<RoundEvent, { kind: 'client-declined' }>,
  'kind' | 'nowMs' | 'clientId'
>;

export function declineOf(message: object): Decline {
  const { round, reason } = message as Decline;
  return { round, reason };
}
