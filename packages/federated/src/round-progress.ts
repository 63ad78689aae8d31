import type { AbandonReason } from '@roundtable/protocol';
import { seededRandom, shuffle } from '@roundtable/random';
import { neededUpdates, selectCohort } from './cohort.ts';
import type { RoundEffect, RoundStep } from './round-events.ts';
import type { CohortMember, RoundOutcome, RoundState, TrainingStage } from './round-state.ts';

const LONGEST_RETRY_MS = 60_000;

const newMember = (clientId: string): CohortMember => ({
  clientId,
  status: 'training',
  leftAtMs: null,
  isReplaced: false,
});

const clientIdsOf = (members: readonly CohortMember[]): string[] => members.map((m) => m.clientId);

function announce(state: RoundState, stage: TrainingStage, clientIds: string[]): RoundEffect {
  const { round, deadlineMs } = stage;
  return {
    kind: 'announce',
    round,
    clientIds,
    deadlineMs,
    completedRounds: state.completed.length,
  };
}

/** The announcement once more for a member who came back. */
export function announceAgain(state: RoundState, clientId: string): RoundEffect[] {
  return state.stage.kind === 'training' ? [announce(state, state.stage, [clientId])] : [];
}

function openRound(state: RoundState): RoundStep {
  const round = state.lastRound + 1;
  const random = seededRandom(`cohort/${state.selectionSeed}/${round}`);
  const selected = selectCohort(state.ready, state.cohort, random);
  const stage: TrainingStage = {
    kind: 'training',
    round,
    startedAtMs: state.nowMs,
    deadlineMs: state.nowMs + Math.ceil(state.cohort.deadlineSeconds * 1_000),
    needed: neededUpdates(selected.length, state.cohort),
    wanted: Math.min(selected.length, state.cohort.target),
    members: selected.map(newMember),
  };
  return {
    state: { ...state, lastRound: round, stage },
    effects: [announce(state, stage, selected)],
  };
}

function canOpenRound(state: RoundState, notBeforeMs: number): boolean {
  const { ready, cohort, enoughSinceMs, nowMs, timing } = state;
  if (state.isPaused || nowMs < notBeforeMs || enoughSinceMs === null) return false;
  return ready.length >= cohort.target || nowMs >= enoughSinceMs + timing.gatherMs;
}

/** Ends the round that is training or aggregating without an adapter; the next one waits a little. */
export function abandonRound(state: RoundState, reason: AbandonReason): RoundStep {
  const { stage } = state;
  if (stage.kind !== 'training' && stage.kind !== 'aggregating') return { state, effects: [] };
  const clientIds = stage.kind === 'training' ? clientIdsOf(stage.members) : stage.announced;
  const waitMs = Math.min(LONGEST_RETRY_MS, state.timing.retryMs * 2 ** state.failuresInRow);
  return {
    state: {
      ...state,
      failuresInRow: Math.min(state.failuresInRow + 1, 30),
      stage: { kind: 'recruiting', notBeforeMs: state.nowMs + waitMs },
    },
    effects: [{ kind: 'close', round: stage.round, clientIds, outcome: 'abandoned', reason }],
  };
}

/** Ends the round whose adapter is stored. */
export function completeRound(state: RoundState): RoundStep {
  const { stage } = state;
  if (stage.kind !== 'evaluating') return { state, effects: [] };
  const completed: RoundOutcome = { outcome: 'completed', reason: null };
  return {
    state: {
      ...state,
      failuresInRow: 0,
      completed: [...state.completed, stage.round],
      stage: { kind: 'recruiting', notBeforeMs: state.nowMs },
    },
    effects: [{ kind: 'close', round: stage.round, clientIds: stage.announced, ...completed }],
  };
}

function isAwayTooLong(state: RoundState, member: CohortMember): boolean {
  if (member.leftAtMs === null || member.status === 'removed') return member.status === 'removed';
  const graceMs = member.status === 'gone' ? state.timing.leaverGraceMs : 0;
  return state.nowMs >= member.leftAtMs + graceMs;
}

/** Announces the round to ready outsiders in place of leavers while at least half of the time is left. */
function replaceLeavers(state: RoundState, stage: TrainingStage): RoundStep {
  const halfTimeMs = (stage.startedAtMs + stage.deadlineMs) / 2;
  const leavers = stage.members.filter((m) => !m.isReplaced && isAwayTooLong(state, m));
  const members = new Set(clientIdsOf(stage.members));
  const spare = state.ready.filter((clientId) => !members.has(clientId));
  if (state.nowMs > halfTimeMs || leavers.length === 0 || spare.length === 0) {
    return { state, effects: [] };
  }
  const seed = `replace/${state.selectionSeed}/${stage.round}/${stage.members.length}`;
  const chosen = shuffle(seededRandom(seed), spare).slice(0, leavers.length);
  const replaced = new Set(clientIdsOf(leavers.slice(0, chosen.length)));
  const kept = stage.members.map((m) =>
    replaced.has(m.clientId) ? { ...m, isReplaced: true } : m,
  );
  const next: TrainingStage = { ...stage, members: [...kept, ...chosen.map(newMember)] };
  return { state: { ...state, stage: next }, effects: [announce(state, next, chosen)] };
}

function closeTraining(state: RoundState, stage: TrainingStage): RoundStep | null {
  const accepted = clientIdsOf(stage.members.filter((m) => m.status === 'accepted'));
  const isOver = state.nowMs >= stage.deadlineMs;
  const isEnough = accepted.length >= stage.needed;
  // Whoever is away may come back until the deadline; she holds up the round only where it lacks updates.
  const isHoped = (m: CohortMember): boolean =>
    m.status === 'training' || (m.status === 'gone' && !(isEnough && isAwayTooLong(state, m)));
  const isAnswered = accepted.length >= stage.wanted || !stage.members.some(isHoped);
  if (!isOver && !isAnswered) return null;
  if (!isEnough) return abandonRound(state, isOver ? 'deadline' : 'too-few-updates');
  const announced = clientIdsOf(stage.members);
  const { round } = stage;
  return {
    state: { ...state, stage: { kind: 'aggregating', round, clientIds: accepted, announced } },
    effects: [{ kind: 'aggregate', round, clientIds: accepted }],
  };
}

/** One step forward that time and counts allow by themselves, or null where nothing is due. */
export function progress(state: RoundState): RoundStep | null {
  const { stage } = state;
  if (stage.kind === 'training') {
    const replacement = replaceLeavers(state, stage);
    return replacement.effects.length > 0 ? replacement : closeTraining(state, stage);
  }
  if (stage.kind !== 'recruiting') return null;
  if (state.completed.length >= state.rounds) {
    return { state: { ...state, stage: { kind: 'stopped', because: 'finished' } }, effects: [] };
  }
  return canOpenRound(state, stage.notBeforeMs) ? openRound(state) : null;
}

/** The next time at which something is due without any other event, or null. */
export function nextWakeMs(state: RoundState): number | null {
  const { stage, timing, enoughSinceMs } = state;
  if (stage.kind === 'training') {
    const graces = stage.members
      .filter((m) => m.status === 'gone' && m.leftAtMs !== null)
      .map((m) => (m.leftAtMs ?? 0) + timing.leaverGraceMs)
      .filter((atMs) => atMs > state.nowMs);
    return Math.min(stage.deadlineMs, ...graces);
  }
  if (stage.kind !== 'recruiting' || state.isPaused || enoughSinceMs === null) return null;
  const isFull = state.ready.length >= state.cohort.target;
  return Math.max(stage.notBeforeMs, isFull ? 0 : enoughSinceMs + timing.gatherMs);
}
