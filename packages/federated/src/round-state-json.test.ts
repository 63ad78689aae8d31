import type { CohortSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import type { RoundEvent } from './round-events.ts';
import { step } from './round-machine.ts';
import { parseRoundState } from './round-state-json.ts';
import { initialState } from './round-state.ts';
import type { RoundState } from './round-state.ts';

const cohort: CohortSettings = {
  minimum: 2,
  target: 2,
  overSelection: 1,
  deadlineSeconds: 100,
  minimumFraction: 0.5,
};
const events: RoundEvent[] = [
  { kind: 'start', nowMs: 1 },
  { kind: 'client-ready', clientId: 'ann', nowMs: 2 },
  { kind: 'client-ready', clientId: 'bob', nowMs: 3 },
  { kind: 'client-gone', clientId: 'bob', nowMs: 4 },
  { kind: 'update-accepted', clientId: 'ann', round: 1, nowMs: 5 },
  { kind: 'update-accepted', clientId: 'bob', round: 1, nowMs: 6 },
  { kind: 'aggregated', round: 1, nowMs: 7 },
  { kind: 'stop', nowMs: 8 },
];

/** The states after 0, 1, 2, … of the events above: one of every stage. */
function states(): RoundState[] {
  const all = [initialState({ cohort, rounds: 3, selectionSeed: 'test' })];
  for (const event of events) all.push(step(all.at(-1)!, event).state);
  return all;
}

describe('parseRoundState', () => {
  const valid = () => JSON.parse(JSON.stringify(states()[4])) as Record<string, unknown>;

  it('reads back every stage', () => {
    const kinds = states().map((state) => {
      expect(parseRoundState(JSON.stringify(state))).toEqual(state);
      return state.stage.kind;
    });
    const all = ['aggregating', 'created', 'evaluating', 'recruiting', 'stopped', 'training'];
    expect([...new Set(kinds)].sort()).toEqual(all);
  });

  it.each<[string, (state: Record<string, unknown>) => void]>([
    ['roundState.version', (s) => (s['version'] = 2)],
    ['roundState.nowMs', (s) => (s['nowMs'] = null)],
    ['roundState.ready', (s) => (s['ready'] = [1])],
    ['roundState.extra is not known', (s) => (s['extra'] = 1)],
    ['roundState.stage.kind must be one of', (s) => (s['stage'] = { kind: 'asleep' })],
    ['roundState.cohort.minimum', (s) => (s['cohort'] = { ...cohort, minimum: -1 })],
    [
      'roundState.stage.members.status',
      (s) => {
        const stage = s['stage'] as { members: Record<string, unknown>[] };
        stage.members[0]!['status'] = 'asleep';
      },
    ],
  ])('names %s', (message, spoil) => {
    const state = valid();
    spoil(state);
    expect(() => parseRoundState(JSON.stringify(state))).toThrow(message);
  });
});
