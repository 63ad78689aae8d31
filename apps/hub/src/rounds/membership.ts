import { memberOf, updateRefusal } from '@roundtable/federated';
import type { DeclineReason, Ok, Refusal, SignedSpending, Welcome } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import { announcementOf } from './carry-out.ts';
import type { FederationCore } from './federation-core.ts';
import { recordIfReleased } from './spending-record.ts';
import { noteConsent, withdraw } from './consent.ts';

const OK: Ok = { refused: false };

interface Joining {
  readonly consentVersion: string;
  readonly publicKey: string;
}

/**
 * Takes a contributor in, with the device that signs by `publicKey`; harmless to repeat. She takes part with one device
 * at a time: while one is here, another is refused, and a round that one was asked for is not another's.
 */
export function join(
  core: FederationCore,
  clientId: string,
  { consentVersion, publicKey }: Joining,
  spending: SignedSpending,
): Welcome | Refusal {
  const row = core.clients.find(clientId);
  if (row === null || row.isRemoved) {
    return refusal('removed', 'this contributor was removed from the federation');
  }
  if (core.state.stage.kind === 'stopped') {
    return refusal('federation-not-open', 'the federation has ended');
  }
  if (consentVersion !== core.row.consentVersion) {
    return refusal('consent-outdated', 'the terms are others than those consented to');
  }
  const device = core.clients.deviceOf(clientId);
  if (device !== null && device !== publicKey) {
    return refusal('conflict', 'you take part on another device: close it there first');
  }
  const { store } = core.deps;
  store.transaction(() => {
    const client = noteConsent(core, { ...row, lastSeenAtMs: core.nowMs() }, consentVersion);
    core.clients.put(client);
    store.deviceKeys.add(core.row.federationId, clientId, publicKey, core.nowMs());
  });
  core.clients.setPresent(clientId, publicKey);
  claimOpenRound(core, clientId, publicKey);
  core.touchClient(clientId);
  return {
    refused: false,
    clientId,
    manifest: core.manifest(),
    round: openRoundOf(core, clientId),
    maxFrameBytes: core.deps.limits.maxFrameBytes,
    spending,
  };
}

/**
 * The open round of a member belongs to the device that was asked for it, which may have trained and sent already. For
 * another one it is over.
 */
function claimOpenRound(core: FederationCore, clientId: string, publicKey: string): void {
  const { stage } = core.state;
  const status = memberOf(core.state, clientId)?.status;
  if (stage.kind !== 'training' || (status !== 'training' && status !== 'gone')) return;
  const { deviceKeys } = core.deps.store;
  const { federationId } = core.row;
  const owner = deviceKeys.announcedTo(federationId, clientId, stage.round);
  if (owner === null) deviceKeys.announce(federationId, clientId, publicKey, stage.round);
  if (owner === null || owner === publicKey) return;
  const nowMs = core.nowMs();
  const { round } = stage;
  core.dispatch({ kind: 'client-declined', clientId, round, reason: 'too-late', nowMs });
}

function openRoundOf(core: FederationCore, clientId: string): Welcome['round'] {
  const { stage } = core.state;
  const status = memberOf(core.state, clientId)?.status;
  if (stage.kind !== 'training' || status === undefined) return null;
  if (status === 'declined' || status === 'removed') return null;
  return {
    announcement: announcementOf(core, stage.round, stage.deadlineMs),
    isSubmitted: status === 'accepted',
  };
}

export function setReady(core: FederationCore, clientId: string, isReady: boolean): Ok | Refusal {
  if (!core.clients.isPresent(clientId)) return refusal('forbidden', 'join the federation first');
  core.clients.setReady(clientId, isReady);
  core.dispatch({
    kind: isReady ? 'client-ready' : 'client-unready',
    clientId,
    nowMs: core.nowMs(),
  });
  core.touchClient(clientId);
  return OK;
}

export function decline(
  core: FederationCore,
  clientId: string,
  round: number,
  reason: DeclineReason,
): Ok | Refusal {
  // After a failure on her side the silence itself may depend on her data, so the round counts as spent.
  const record = (): void => {
    if (reason === 'failed-closed') recordIfReleased(core, clientId, round);
  };
  const refused = updateRefusal(core.state, clientId, round);
  if (refused !== null) {
    record();
    return refusal(refused, `round ${round} asks nothing of this client`);
  }
  core.dispatch({ kind: 'client-declined', clientId, round, reason, nowMs: core.nowMs() }, record);
  core.touchClient(clientId);
  return OK;
}

/** Her last connection is gone, for now. */
export function disconnected(core: FederationCore, clientId: string): void {
  if (!core.clients.isPresent(clientId)) return;
  core.clients.setAbsent(clientId);
  const row = core.clients.find(clientId);
  if (row !== null) core.clients.putLater({ ...row, lastSeenAtMs: core.nowMs() });
  const event = { kind: 'client-gone', clientId, nowMs: core.nowMs() } as const;
  core.dispatchSurely(event, undefined, () => !core.clients.isPresent(clientId));
  core.touchClient(clientId);
}

/** She revoked her consent; `withdraw` says what is deleted and what stays. */
export function leave(core: FederationCore, clientId: string): Ok | Refusal {
  const row = core.clients.find(clientId);
  if (row === null) return refusal('unknown-federation', 'no such membership');
  core.deps.store.transaction(() => {
    core.clients.put(withdraw(core, { ...row, lastSeenAtMs: core.nowMs() }));
  });
  const { stage } = core.state;
  if (stage.kind === 'training' && memberOf(core.state, clientId)?.status === 'training') {
    const { round } = stage;
    core.dispatch({
      kind: 'client-declined',
      clientId,
      round,
      reason: 'paused',
      nowMs: core.nowMs(),
    });
  }
  core.clients.setAbsent(clientId);
  core.dispatch({ kind: 'client-gone', clientId, nowMs: core.nowMs() });
  core.touchClient(clientId);
  return OK;
}
