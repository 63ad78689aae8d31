import type { RoundEffect, RoundEvent, RoundStatus, RoundStep } from './round-events.ts';
import {
  abandonRound,
  announceAgain,
  completeRound,
  nextWakeMs,
  progress,
} from './round-progress.ts';
import { canRollBack, memberOf, phaseOf } from './round-state.ts';
import type { CohortMember, RoundState } from './round-state.ts';

const unchanged = (state: RoundState): RoundStep => ({ state, effects: [] });

function withMember(
  state: RoundState,
  clientId: string,
  change: Partial<CohortMember>,
): RoundState {
  if (state.stage.kind !== 'training') return state;
  const members = state.stage.members.map((member) =>
    member.clientId === clientId ? { ...member, ...change } : member,
  );
  return { ...state, stage: { ...state.stage, members } };
}

function withReady(state: RoundState, clientId: string, isReady: boolean): RoundState {
  const others = state.ready.filter((id) => id !== clientId);
  return { ...state, ready: isReady ? [...others, clientId].sort() : others };
}

function onPresent(state: RoundState, clientId: string, isReady: boolean): RoundStep {
  if (state.removed.includes(clientId)) return unchanged(state);
  const next = withReady(state, clientId, isReady);
  if (memberOf(next, clientId)?.status !== 'gone') return unchanged(next);
  const back = withMember(next, clientId, { status: 'training', leftAtMs: null });
  return { state: back, effects: announceAgain(back, clientId) };
}

function onGone(state: RoundState, clientId: string): RoundStep {
  const next = withReady(state, clientId, false);
  if (memberOf(next, clientId)?.status !== 'training') return unchanged(next);
  return unchanged(withMember(next, clientId, { status: 'gone', leftAtMs: state.nowMs }));
}

function onRemoved(state: RoundState, clientId: string): RoundStep {
  if (state.removed.includes(clientId)) return unchanged(state);
  const next = withMember(withReady(state, clientId, false), clientId, {
    status: 'removed',
    leftAtMs: state.nowMs,
  });
  return unchanged({ ...next, removed: [...state.removed, clientId].sort() });
}

function isOpenFor(state: RoundState, clientId: string, round: number): boolean {
  const status = memberOf(state, clientId)?.status;
  if (state.stage.kind !== 'training' || state.stage.round !== round) return false;
  return status === 'training' || status === 'gone';
}

function onAccepted(state: RoundState, clientId: string, round: number): RoundStep {
  if (!isOpenFor(state, clientId, round)) return unchanged(state);
  return unchanged(withMember(state, clientId, { status: 'accepted', leftAtMs: null }));
}

function onDeclined(
  state: RoundState,
  { clientId, round, reason }: Extract<RoundEvent, { kind: 'client-declined' }>,
): RoundStep {
  if (!isOpenFor(state, clientId, round)) return unchanged(state);
  // Who cannot train would be asked again at once; she says so herself when she can.
  const next = reason === 'too-late' ? state : withReady(state, clientId, false);
  return unchanged(withMember(next, clientId, { status: 'declined', leftAtMs: state.nowMs }));
}

function onAggregated(state: RoundState, round: number): RoundStep {
  const { stage } = state;
  if (stage.kind !== 'aggregating' || stage.round !== round) return unchanged(state);
  return {
    state: { ...state, stage: { ...stage, kind: 'evaluating' } },
    effects: [{ kind: 'evaluate', round }],
  };
}

function onEvaluated(state: RoundState, round: number): RoundStep {
  if (state.stage.kind !== 'evaluating' || state.stage.round !== round) return unchanged(state);
  const { state: next, effects } = completeRound(state);
  return {
    state: next,
    effects: [...effects, { kind: 'status', ...statusOf(next), phase: 'evaluated' }],
  };
}

/** Ends whatever is open: a stored adapter counts, anything less is abandoned. */
function endOpenRound(state: RoundState, reason: 'stopped' | 'rolled-back'): RoundStep {
  return state.stage.kind === 'evaluating' ? completeRound(state) : abandonRound(state, reason);
}

function onStop(state: RoundState): RoundStep {
  const { state: next, effects } = endOpenRound(state, 'stopped');
  return { state: { ...next, stage: { kind: 'stopped', because: 'stopped' } }, effects };
}

function onRollBack(state: RoundState, round: number): RoundStep {
  if (!canRollBack(state, round)) return unchanged(state);
  const { state: next, effects } = endOpenRound(state, 'rolled-back');
  return {
    state: {
      ...next,
      completed: next.completed.filter((kept) => kept <= round),
      stage: { kind: 'recruiting', notBeforeMs: state.nowMs },
      failuresInRow: 0,
    },
    effects: [...effects, { kind: 'restore', round }],
  };
}

function onRestarted(state: RoundState): RoundStep {
  const { stage } = state;
  const effects: RoundEffect[] = [{ kind: 'status', ...statusOf({ ...state, ready: [] }) }];
  if (stage.kind === 'aggregating') {
    effects.push({ kind: 'aggregate', round: stage.round, clientIds: stage.clientIds });
  }
  if (stage.kind === 'evaluating') effects.push({ kind: 'evaluate', round: stage.round });
  if (stage.kind !== 'training') return { state: { ...state, ready: [] }, effects };
  const members = stage.members.map((m): CohortMember =>
    m.status === 'training' || m.status === 'gone'
      ? { ...m, status: 'gone', leftAtMs: state.nowMs }
      : m,
  );
  return { state: { ...state, ready: [], stage: { ...stage, members } }, effects };
}

function onSettings(
  state: RoundState,
  { cohort, rounds }: Extract<RoundEvent, { kind: 'settings-changed' }>,
): RoundStep {
  return unchanged({ ...state, cohort: cohort ?? state.cohort, rounds: rounds ?? state.rounds });
}

function apply(state: RoundState, event: RoundEvent): RoundStep {
  switch (event.kind) {
    case 'start':
      if (state.stage.kind !== 'created') return unchanged(state);
      return unchanged({ ...state, stage: { kind: 'recruiting', notBeforeMs: state.nowMs } });
    case 'pause':
      return unchanged({ ...state, isPaused: true });
    case 'resume':
      return unchanged({ ...state, isPaused: false });
    case 'stop':
      return onStop(state);
    case 'roll-back':
      return onRollBack(state, event.round);
    case 'settings-changed':
      return onSettings(state, event);
    case 'client-ready':
      return onPresent(state, event.clientId, true);
    case 'client-unready':
      return onPresent(state, event.clientId, false);
    case 'client-gone':
      return onGone(state, event.clientId);
    case 'client-removed':
      return onRemoved(state, event.clientId);
    case 'update-accepted':
      return onAccepted(state, event.clientId, event.round);
    case 'client-declined':
      return onDeclined(state, event);
    case 'tick':
      return unchanged(state);
    case 'aggregated':
      return onAggregated(state, event.round);
    case 'aggregation-failed':
      if (state.stage.kind !== 'aggregating' || state.stage.round !== event.round) break;
      return abandonRound(state, 'hub-failure');
    case 'evaluated':
      return onEvaluated(state, event.round);
    case 'restarted':
      return onRestarted(state);
  }
  return unchanged(state);
}

/** What `federation:status` says about this state. */
export function statusOf(state: RoundState): RoundStatus {
  return {
    phase: phaseOf(state),
    completedRounds: state.completed.length,
    presentClients: state.ready.length,
    neededClients: state.cohort.minimum,
  };
}

function noteEnough(state: RoundState): RoundState {
  if (state.ready.length < state.cohort.minimum) return { ...state, enoughSinceMs: null };
  return { ...state, enoughSinceMs: state.enoughSinceMs ?? state.nowMs };
}

/**
 * The round machine: pure, total, without timers. The hub stores the new state, then carries out the effects in
 * order. An event that does not fit the state changes nothing; nothing happens after `stopped`.
 */
export function step(state: RoundState, event: RoundEvent): RoundStep {
  if (state.stage.kind === 'stopped') return unchanged(state);
  const now = { ...state, nowMs: Math.max(state.nowMs, event.nowMs) };
  const applied = apply(now, event);
  const effects = [...applied.effects];
  let current = noteEnough(applied.state);
  for (let next = progress(current); next !== null; next = progress(current)) {
    current = next.state;
    effects.push(...next.effects);
  }
  const status = statusOf(current);
  if (JSON.stringify(status) !== JSON.stringify(statusOf(state))) {
    effects.push({ kind: 'status', ...status });
  }
  const wakeMs = nextWakeMs(current);
  if (wakeMs !== null) effects.push({ kind: 'wake', atMs: wakeMs });
  return { state: current, effects };
}
