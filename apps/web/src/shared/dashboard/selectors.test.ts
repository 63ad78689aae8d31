import { describe, expect, it } from 'vitest';
import {
  adapterOf,
  clientRecord,
  federationRecord,
  roundRecord,
} from '../../testing/federation.ts';
import { routingLikeSettings } from '../../testing/settings.ts';
import {
  accuracyNow,
  epsilonNow,
  isSimulation,
  latest,
  openRound,
  outliers,
  presentClients,
  totalBytes,
} from './selectors.ts';

describe('selectors', () => {
  it('count people who are connected and were not taken out', () => {
    const clients = [
      clientRecord(),
      clientRecord({ clientId: 'client-0002', isConnected: false }),
      clientRecord({ clientId: 'client-0003', isRemoved: true }),
    ];
    expect(presentClients(federationRecord({ clients }))).toHaveLength(1);
  });

  it('take accuracy from the newest evaluated round, else from the base model', () => {
    expect(accuracyNow(federationRecord())).toBe(0.1);
    const rounds = [
      roundRecord({ round: 1, evalAccuracy: 0.3 }),
      roundRecord({ round: 2, state: 'abandoned', evalAccuracy: null }),
      roundRecord({ round: 3, evalAccuracy: 0.4 }),
      roundRecord({ round: 4, state: 'training', evalAccuracy: null }),
    ];
    const federation = federationRecord({ rounds, adapter: adapterOf(3) });
    expect(accuracyNow(federation)).toBe(0.4);
    expect(latest(federation, (round) => round.evalAccuracy).before).toBe(0.3);
    expect(openRound(federation)?.round).toBe(4);
    expect(accuracyNow(federationRecord({ rounds, adapter: adapterOf(1) }))).toBe(0.3);
  });

  it('take the largest ε of rounds and people, and none without privacy', () => {
    const rounds = [roundRecord({ epsilon: 1.5 })];
    const clients = [clientRecord({ epsilon: 2.5 }), clientRecord({ epsilon: null })];
    expect(epsilonNow(federationRecord({ rounds, clients }))).toBe(2.5);
    expect(epsilonNow(federationRecord({ settings: routingLikeSettings({ privacy: null }) }))).toBe(
      null,
    );
  });

  it('add up the bytes of all rounds', () => {
    const rounds = [roundRecord(), roundRecord({ round: 2 })];
    expect(totalBytes(federationRecord({ rounds }))).toEqual({ up: 1_000, down: 500 });
  });

  it('name updates above three times the median, from four people on', () => {
    const clients = [1, 1, 1, 3.1].map((lastUpdateNorm, i) =>
      clientRecord({ clientId: `client-000${i}`, lastUpdateNorm }),
    );
    expect([...outliers(clients)]).toEqual(['client-0003']);
    expect(outliers(clients.slice(1)).size).toBe(0);
  });

  it('call a federation a simulation as soon as one seat is simulated', () => {
    const settings = routingLikeSettings({ isDemo: false });
    expect(isSimulation(federationRecord({ settings, clients: [clientRecord()] }))).toBe(false);
    const clients = [clientRecord({ isSimulated: true })];
    expect(isSimulation(federationRecord({ settings, clients }))).toBe(true);
  });
});
