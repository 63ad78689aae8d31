import type { Alert, DashboardEvent } from '@roundtable/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientRecord, federationRecord, roundRecord } from '../../testing/federation.ts';
import { applyEvent, fromSnapshot } from './reduce.ts';

const federationId = 'federation-1';
const start = fromSnapshot({ refused: false, nowMs: 0, federations: [federationRecord()] });
const alert: Alert = { kind: 'divergence', federationId, round: 2, atMs: 5, detail: 'loss 3' };

function withoutParts(completedRounds: number): DashboardEvent {
  const { rounds: _r, clients: _c, alerts: _a, ...federation } = federationRecord();
  return { kind: 'federation', federation: { ...federation, completedRounds } };
}

const anEvent = fc.oneof(
  fc.nat(5).map(withoutParts),
  fc
    .record({ round: fc.integer({ min: 1, max: 4 }), accepted: fc.nat(5) })
    .map((changes): DashboardEvent => ({
      kind: 'round',
      federationId,
      round: roundRecord(changes),
    })),
  fc
    .record({ clientId: fc.constantFrom('client-a', 'client-b'), isReady: fc.boolean() })
    .map((changes): DashboardEvent => ({
      kind: 'client',
      federationId,
      client: clientRecord(changes),
    })),
  fc.nat(3).map((atMs): DashboardEvent => ({ kind: 'alert', alert: { ...alert, atMs } })),
  fc.constant<DashboardEvent>({ kind: 'federation-deleted', federationId }),
);

describe('applyEvent', () => {
  it('changes nothing more when an event comes twice', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 12 }), anEvent, (before, event) => {
        const once = [...before, event].reduce(applyEvent, start);
        expect(applyEvent(once, event)).toEqual(once);
      }),
      { seed: 7 },
    );
  });

  it('keeps rounds, people and alerts when the federation itself changes', () => {
    const full = [
      { kind: 'round', federationId, round: roundRecord() },
      { kind: 'client', federationId, client: clientRecord() },
      { kind: 'alert', alert },
    ] satisfies DashboardEvent[];
    const after = [...full, withoutParts(1)].reduce(applyEvent, start).get(federationId)!;
    expect(after.completedRounds).toBe(1);
    expect([after.rounds.length, after.clients.length, after.alerts.length]).toEqual([1, 1, 1]);
  });

  it('sorts rounds that arrive out of order', () => {
    const rounds = [3, 1, 2].map((round): DashboardEvent => ({
      kind: 'round',
      federationId,
      round: roundRecord({ round }),
    }));
    const after = rounds.reduce(applyEvent, start).get(federationId)!;
    expect(after.rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
  });

  it('leaves the earlier picture as it was', () => {
    applyEvent(start, { kind: 'round', federationId, round: roundRecord() });
    expect(start.get(federationId)!.rounds).toEqual([]);
  });

  it('ignores parts of a federation that it does not know', () => {
    const event: DashboardEvent = {
      kind: 'round',
      federationId: 'unknown-1',
      round: roundRecord(),
    };
    expect(applyEvent(start, event)).toBe(start);
  });

  it('shows federations in the order in which they were created', () => {
    const federations = [
      federationRecord({ federationId: 'federation-b', createdAtMs: 2 }),
      federationRecord({ federationId: 'federation-a', createdAtMs: 1 }),
    ];
    const picture = fromSnapshot({ refused: false, nowMs: 0, federations });
    expect([...picture.keys()]).toEqual(['federation-a', 'federation-b']);
  });
});
