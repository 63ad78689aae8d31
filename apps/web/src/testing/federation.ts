import type { ClientRecord, FederationRecord, RoundRecord } from '@roundtable/protocol';
import { routingLikeSettings } from './settings.ts';

/** Of the round that `federationRecord` has completed. */
export function adapterOf(round: number): FederationRecord['adapter'] {
  return { ...adapter, round };
}

const adapter = {
  sha256: 'ab'.repeat(32),
  sizeBytes: 100,
  encoding: 'fp16',
  round: 0,
} as const;

/** A completed round with plausible numbers. */
export function roundRecord(changes: Partial<RoundRecord> = {}): RoundRecord {
  return {
    round: 1,
    state: 'completed',
    startedAtMs: 1_000,
    endedAtMs: 3_000,
    selected: 5,
    accepted: 5,
    rejected: 0,
    rejections: {},
    bytesUp: 500,
    bytesDown: 250,
    evalLoss: 2,
    evalAccuracy: 0.25,
    epsilon: 1.5,
    updateNorm: 1,
    adapter,
    abandonedBecause: null,
    ...changes,
  };
}

/** A connected contributor who is ready. */
export function clientRecord(changes: Partial<ClientRecord> = {}): ClientRecord {
  return {
    clientId: 'client-0001',
    accountId: 'account-0001',
    displayName: 'Aki',
    isSimulated: false,
    isConnected: true,
    isReady: true,
    isRemoved: false,
    acceptedRounds: 1,
    refusedUpdates: 0,
    epsilon: 1.5,
    lastUpdateNorm: 1,
    joinedAtMs: 0,
    lastSeenAtMs: 3_000,
    ...changes,
  };
}

/** A federation in its first moments, as a hub would show it. */
export function federationRecord(changes: Partial<FederationRecord> = {}): FederationRecord {
  return {
    federationId: 'federation-1',
    settings: routingLikeSettings(),
    phase: 'recruiting',
    createdAtMs: 0,
    completedRounds: 0,
    hasEvaluation: true,
    evalLossBefore: 2.5,
    evalAccuracyBefore: 0.1,
    parameterCount: 64,
    adapter,
    rounds: [],
    clients: [],
    alerts: [],
    ...changes,
  };
}
