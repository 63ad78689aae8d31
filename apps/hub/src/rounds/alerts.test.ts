import { describe, expect, it } from 'vitest';
import { exampleRound } from '../storage/testing/example-rows.ts';
import { tinyFederation } from '../testing/test-hub.ts';
import { findingsOf } from './alerts.ts';
import type { ClosedRound } from './alerts.ts';

const record = (overrides: Partial<ClosedRound['record']> = {}): ClosedRound['record'] => ({
  ...exampleRound('federation-1', 5).record,
  state: 'completed',
  selected: 4,
  accepted: 4,
  ...overrides,
});

const closed = (overrides: Partial<ClosedRound> = {}): ClosedRound => ({
  settings: tinyFederation().settings, // ε budget 8
  record: record(),
  earlier: [],
  evalLossBefore: null,
  updates: [],
  ...overrides,
});

const kindsOf = (overrides: Partial<ClosedRound>): string[] =>
  findingsOf(closed(overrides)).map(({ kind }) => kind);

const updatesOfNorms = (norms: number[]): ClosedRound['updates'] =>
  norms.map((norm, i) => ({
    federationId: 'federation-1',
    round: 5,
    clientId: `client-${i}`,
    sha256: '0'.repeat(64),
    sizeBytes: 1,
    norm,
    sampleCount: 0,
    acceptedAtMs: 0,
  }));

describe('findings of a closed round', () => {
  it('are none for a round that went well', () => {
    expect(kindsOf({})).toEqual([]);
  });

  it('name why a round was abandoned', () => {
    expect(kindsOf({ record: record({ abandonedBecause: 'deadline' }) })).toEqual([
      'stalled-round',
    ]);
    expect(kindsOf({ record: record({ abandonedBecause: 'too-few-updates' }) })).toEqual([
      'low-quorum',
    ]);
    expect(kindsOf({ record: record({ abandonedBecause: 'stopped' }) })).toEqual([]);
  });

  it('name a loss more than half above the best one before', () => {
    const earlier = [record({ evalLoss: 1 }), record({ evalLoss: 1.2 })];
    expect(kindsOf({ earlier, record: record({ evalLoss: 1.5 }) })).toEqual([]);
    expect(kindsOf({ earlier, record: record({ evalLoss: 1.51 }) })).toEqual(['divergence']);
    expect(kindsOf({ evalLossBefore: 2, record: record({ evalLoss: 3.1 }) })).toEqual([
      'divergence',
    ]);
    expect(kindsOf({ record: record({ evalLoss: 100 }) })).toEqual([]);
  });

  it('name an update of more than three times the median norm', () => {
    expect(kindsOf({ updates: updatesOfNorms([1, 1, 2, 2, 4.6]) })).toEqual([]);
    expect(kindsOf({ updates: updatesOfNorms([1, 1, 2, 2, 6.1]) })).toEqual(['update-outlier']);
    expect(kindsOf({ updates: updatesOfNorms([1, 1, 100]) })).toEqual([]);
  });

  it('name each mark of the budget once', () => {
    const after = (epsilon: number, ...before: number[]): string[] =>
      kindsOf({
        record: record({ epsilon }),
        earlier: before.map((earlier) => record({ epsilon: earlier })),
      });
    expect(after(6.3)).toEqual([]);
    expect(after(6.4, 6.3)).toEqual(['budget-80']);
    expect(after(7, 6.3, 6.4)).toEqual([]);
    expect(after(8, 7)).toEqual(['budget-100']);
    expect(after(9, 8)).toEqual([]);
  });
});
