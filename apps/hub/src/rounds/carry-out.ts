import type { RoundEffect } from '@roundtable/federated';
import type { RoundAnnouncement } from '@roundtable/protocol';
import { findingsOf } from './alerts.ts';
import { runAggregation, runEvaluation } from './background.ts';
import type { FederationCore } from './federation-core.ts';

const LOW_QUORUM_PAUSE_MS = 60_000;

/** Does what the machine asked for. The state behind the effect is on disk already. */
export function carryOut(core: FederationCore, effect: RoundEffect): void {
  switch (effect.kind) {
    case 'announce':
      announce(core, effect);
      break;
    case 'wake':
      core.wakeAt(effect.atMs);
      break;
    case 'aggregate':
      core.touchRound(effect.round);
      runAggregation(core, effect.round, effect.clientIds);
      break;
    case 'evaluate':
      core.touchRound(effect.round);
      runEvaluation(core, effect.round);
      break;
    case 'close':
      close(core, effect);
      break;
    case 'restore':
      core.touchFederation();
      break;
    case 'status':
      sendStatus(core, effect);
      break;
  }
}

/** The announcement of the round that is training now. */
export function announcementOf(
  core: FederationCore,
  round: number,
  deadlineMs: number,
): RoundAnnouncement {
  const { federationId, adapter, settings } = core.row;
  return {
    federationId,
    round,
    completedRounds: core.state.completed.length,
    adapter,
    remainingMs: Math.max(0, Math.floor(deadlineMs - core.nowMs())),
    learningRate: settings.training.learningRate,
  };
}

function announce(core: FederationCore, effect: Extract<RoundEffect, { kind: 'announce' }>): void {
  const { federationId } = core.row;
  const announcement = announcementOf(core, effect.round, effect.deadlineMs);
  for (const clientId of effect.clientIds) {
    core.deps.outbox().toClient({ federationId, clientId }, 'round:announce', announcement);
  }
  core.touchRound(effect.round);
}

function close(core: FederationCore, effect: Extract<RoundEffect, { kind: 'close' }>): void {
  const { federationId, evalLossBefore, settings } = core.row;
  const { store, outbox, blobs } = core.deps;
  const record = store.rounds.find(federationId, effect.round)?.record;
  for (const clientId of effect.clientIds) {
    outbox().toClient({ federationId, clientId }, 'round:closed', {
      federationId,
      round: effect.round,
      outcome: effect.outcome,
      evalLoss: record?.evalLoss ?? null,
      evalAccuracy: record?.evalAccuracy ?? null,
      adapterSha256: record?.adapter?.sha256 ?? null,
    });
    core.touchClient(clientId);
  }
  core.touchRound(effect.round);
  if (record === undefined) return;
  const updates = store.updates.listOfRound(federationId, effect.round);
  const earlier = store.rounds
    .list(federationId)
    .map((row) => row.record)
    .filter(({ round, state }) => round < effect.round && state === 'completed');
  for (const finding of findingsOf({ settings, record, earlier, evalLossBefore, updates })) {
    core.raise(finding.kind, effect.round, finding.detail);
  }
  // Single updates are kept no longer than the round needs them.
  core.inBackground(
    'deleting updates',
    async () => {
      for (const { sha256 } of updates) await blobs.delete(sha256);
    },
    () => undefined,
  );
}

const lastLowQuorum = new WeakMap<FederationCore, number>();

function sendStatus(core: FederationCore, effect: Extract<RoundEffect, { kind: 'status' }>): void {
  const { kind: _kind, ...status } = effect;
  core.status.send(status);
  core.touchFederation();
  const isLow =
    status.phase === 'recruiting' &&
    core.state.lastRound > 0 &&
    status.presentClients < status.neededClients;
  const nowMs = core.nowMs();
  if (!isLow || nowMs - (lastLowQuorum.get(core) ?? -Infinity) < LOW_QUORUM_PAUSE_MS) return;
  lastLowQuorum.set(core, nowMs);
  core.raise('low-quorum', null, `${status.presentClients} of ${status.neededClients} are ready`);
}
