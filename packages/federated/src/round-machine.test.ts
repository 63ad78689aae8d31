import type { CohortSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import type { RoundEffect, RoundEvent } from './round-events.ts';
import { step } from './round-machine.ts';
import { parseRoundState } from './round-state-json.ts';
import { canRollBack, initialState, memberOf, phaseOf, updateRefusal } from './round-state.ts';
import type { RoundState } from './round-state.ts';

const cohort: CohortSettings = {
  minimum: 2,
  target: 3,
  overSelection: 1,
  deadlineSeconds: 100,
  minimumFraction: 0.5,
};
// No wait for late comers, 2 s before a retry, 10 s of patience with somebody who went away.
const timing = { gatherMs: 0, retryMs: 2_000, leaverGraceMs: 10_000 };

/** A federation at a time, and the effects of the latest event. */
class Run {
  state: RoundState;
  effects: readonly RoundEffect[] = [];
  nowMs = 1_000;

  constructor(change: Partial<CohortSettings> = {}, rounds = 3) {
    this.state = initialState({
      cohort: { ...cohort, ...change },
      rounds,
      selectionSeed: 'test',
      timing,
    });
  }

  on(kind: RoundEvent['kind'], fields: Record<string, unknown> = {}): this {
    const event = { kind, nowMs: this.nowMs, ...fields } as unknown as RoundEvent;
    ({ state: this.state, effects: this.effects } = step(this.state, event));
    return this;
  }

  ready(...clientIds: string[]): this {
    for (const clientId of clientIds) this.on('client-ready', { clientId });
    return this;
  }

  accept(round: number, ...clientIds: string[]): this {
    for (const clientId of clientIds) this.on('update-accepted', { round, clientId });
    return this;
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this.on('tick');
  }

  of<K extends RoundEffect['kind']>(kind: K): Extract<RoundEffect, { kind: K }>[] {
    return this.effects.filter((e): e is Extract<RoundEffect, { kind: K }> => e.kind === kind);
  }
}

const started = (change: Partial<CohortSettings> = {}): Run =>
  new Run(change).on('start').ready('ann', 'bob', 'cid');

describe('a round', () => {
  it('goes through every phase to the next round', () => {
    const run = new Run();
    expect(phaseOf(run.state)).toBe('created');
    run.on('start');
    expect(phaseOf(run.state)).toBe('recruiting');
    run.ready('ann');
    expect(run.of('status')).toEqual([
      {
        kind: 'status',
        phase: 'recruiting',
        completedRounds: 0,
        presentClients: 1,
        neededClients: 2,
      },
    ]);
    run.ready('bob');
    expect(run.of('announce')).toEqual([
      {
        kind: 'announce',
        round: 1,
        clientIds: expect.arrayContaining(['ann', 'bob']) as string[],
        deadlineMs: 101_000, // 1 s + 100 s
        completedRounds: 0,
      },
    ]);
    run.accept(1, 'ann');
    expect(phaseOf(run.state)).toBe('training');
    run.accept(1, 'bob');
    expect(run.of('aggregate')).toEqual([
      { kind: 'aggregate', round: 1, clientIds: run.of('aggregate')[0]?.clientIds },
    ]);
    expect([...(run.of('aggregate')[0]?.clientIds ?? [])].sort()).toEqual(['ann', 'bob']);
    run.on('aggregated', { round: 1 });
    expect(run.of('evaluate')).toEqual([{ kind: 'evaluate', round: 1 }]);
    run.on('evaluated', { round: 1 });
    expect(run.of('close')[0]).toMatchObject({ round: 1, outcome: 'completed', reason: null });
    expect(run.of('status').map((status) => status.phase)).toEqual(['evaluated', 'training']);
    expect(run.of('announce')[0]).toMatchObject({ round: 2, completedRounds: 1 });
  });

  it('stops as finished after the last round', () => {
    const run = new Run({}, 1).on('start').ready('ann', 'bob').accept(1, 'ann', 'bob');
    run.on('aggregated', { round: 1 }).on('evaluated', { round: 1 });
    expect(run.state.stage).toEqual({ kind: 'stopped', because: 'finished' });
    expect(run.of('announce')).toEqual([]);
  });

  it('waits for the target for as long as it gathers', () => {
    const run = new Run();
    run.state = initialState({
      cohort,
      rounds: 1,
      selectionSeed: 'test',
      timing: { ...timing, gatherMs: 5_000 },
    });
    run.on('start').ready('ann', 'bob');
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 6_000 }]); // 1 s + 5 s
    run.at(5_999);
    expect(phaseOf(run.state)).toBe('recruiting');
    run.at(6_000);
    expect(phaseOf(run.state)).toBe('training');
  });

  it('starts at once when the target is there', () => {
    expect(started().of('announce')).toEqual([]); // bob made the minimum, cid came after
    const run = new Run({ minimum: 3 }).on('start').ready('ann', 'bob', 'cid');
    expect(run.of('announce')[0]?.clientIds).toHaveLength(3);
  });

  it('asks for more clients than it wants and closes when enough have answered', () => {
    // ⌈2 · 1.5⌉ = 3 are asked, 2 updates close the round
    const run = new Run({ minimum: 2, target: 2, overSelection: 1.5 });
    run.ready('ann', 'bob', 'cid', 'dan').on('start');
    const asked = run.of('announce')[0]?.clientIds ?? [];
    expect(asked).toHaveLength(3);
    run.accept(1, asked[0] ?? '', asked[2] ?? '');
    expect(run.of('aggregate')[0]?.clientIds).toEqual([asked[0], asked[2]]);
    expect(updateRefusal(run.state, asked[1] ?? '', 1)).toBe('round-closed');
  });

  it('is not entered by a late joiner, who is in the next one', () => {
    const run = new Run().on('start').ready('ann', 'bob').ready('cid');
    expect(updateRefusal(run.state, 'cid', 1)).toBe('not-in-cohort');
    run.accept(1, 'cid', 'ann', 'bob');
    expect(run.of('aggregate')[0]?.clientIds).not.toContain('cid');
    run.on('aggregated', { round: 1 }).on('evaluated', { round: 1 });
    expect(run.of('announce')[0]?.clientIds).toContain('cid');
  });

  it('counts a client once however often her update is reported', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann', 'ann', 'ann');
    expect(phaseOf(run.state)).toBe('training');
  });

  it('is never stalled by a silent peer', () => {
    // needed = max(2, ⌈0.5 · 3⌉) = 2
    const run = new Run({ minimum: 2 }).ready('ann', 'bob', 'cid').on('start');
    run.accept(1, 'ann', 'bob');
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 101_000 }]);
    run.at(100_999);
    expect(phaseOf(run.state)).toBe('training');
    run.at(101_000);
    expect([...(run.of('aggregate')[0]?.clientIds ?? [])].sort()).toEqual(['ann', 'bob']);
  });

  it('below its minimum at the deadline is abandoned and retried under a new number after a wait', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann').at(101_000);
    expect(run.of('close')[0]).toMatchObject({
      round: 1,
      outcome: 'abandoned',
      reason: 'deadline',
    });
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 103_000 }]); // 2 s later
    run.at(102_999);
    expect(phaseOf(run.state)).toBe('recruiting');
    run.at(103_000);
    expect(run.of('announce')[0]).toMatchObject({ round: 2, completedRounds: 0 });
    expect(updateRefusal(run.state, 'ann', 1)).toBe('round-closed');
    expect(updateRefusal(run.state, 'ann', 3)).toBe('wrong-round');
    run.at(203_000); // nobody answers again: the wait doubles
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 207_000 }]);
  });

  it('is abandoned at once when everybody answered and too few with an update', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann');
    run.on('client-declined', { clientId: 'bob', round: 1, reason: 'budget-exhausted' });
    expect(run.of('close')[0]).toMatchObject({ outcome: 'abandoned', reason: 'too-few-updates' });
  });

  it('does not ask a client again who declined until she is ready again', () => {
    const run = new Run().on('start').ready('ann', 'bob');
    run.on('client-declined', { clientId: 'bob', round: 1, reason: 'failed-closed' });
    expect(run.state.ready).toEqual(['ann']);
    expect(updateRefusal(run.state, 'bob', 1)).toBe('not-in-cohort');
    expect(memberOf(run.accept(1, 'bob').state, 'bob')?.status).toBe('declined');
    expect(run.ready('bob').state.ready).toEqual(['ann', 'bob']);
  });
});

describe('leaving and coming back', () => {
  it('brings the announcement again to a member who reconnects', () => {
    const run = new Run().on('start').ready('ann', 'bob').on('client-gone', { clientId: 'ann' });
    expect(run.ready('ann').of('announce')).toEqual([
      { kind: 'announce', round: 1, clientIds: ['ann'], deadlineMs: 101_000, completedRounds: 0 },
    ]);
  });

  it('takes the update of a member whose connection is lost', () => {
    const run = new Run().on('start').ready('ann', 'bob').on('client-gone', { clientId: 'ann' });
    expect(updateRefusal(run.state, 'ann', 1)).toBeNull();
    expect(run.accept(1, 'ann', 'bob').of('aggregate')[0]?.clientIds).toContain('ann');
  });

  it('replaces a leaver by a ready outsider once her grace is over', () => {
    const run = new Run({ target: 2 }).on('start').ready('ann', 'bob', 'cid');
    run.on('client-gone', { clientId: 'bob' });
    expect(run.of('announce')).toEqual([]);
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 11_000 }]); // 1 s + 10 s
    expect(run.at(11_000).of('announce')[0]?.clientIds).toEqual(['cid']);
    expect(run.accept(1, 'ann', 'cid').of('aggregate')).toHaveLength(1);
  });

  it('replaces nobody when less than half of the time is left', () => {
    const run = new Run({ target: 2 }).on('start').ready('ann', 'bob', 'cid').at(60_000);
    run.on('client-gone', { clientId: 'bob' }).at(75_000); // half-time was 51 s
    expect(run.of('announce')).toEqual([]);
  });

  it('leaves out a leaver when the others are enough, after her grace', () => {
    const run = new Run().ready('ann', 'bob', 'cid').on('start');
    run.on('client-gone', { clientId: 'cid' }).accept(1, 'ann', 'bob');
    expect(run.of('aggregate')).toEqual([]);
    expect([...(run.at(11_000).of('aggregate')[0]?.clientIds ?? [])].sort()).toEqual([
      'ann',
      'bob',
    ]);
  });

  it('leaves out the update of a removed client and never asks her again', () => {
    const run = new Run({ minimum: 1 }).ready('ann', 'bob', 'eve').on('start').accept(1, 'eve');
    run.on('client-removed', { clientId: 'eve' }).accept(1, 'eve', 'ann', 'bob');
    expect(run.of('aggregate')[0]?.clientIds).not.toContain('eve');
    expect(updateRefusal(run.state, 'eve', 1)).toBe('removed');
    expect(run.ready('eve').state.ready).toEqual(['ann', 'bob']);
  });
});

describe('an admin', () => {
  it('who pauses lets the open round end and starts no other', () => {
    const run = new Run().on('start').ready('ann', 'bob').on('pause');
    expect(phaseOf(run.state)).toBe('training');
    run.accept(1, 'ann', 'bob').on('aggregated', { round: 1 }).on('evaluated', { round: 1 });
    expect(phaseOf(run.state)).toBe('paused');
    expect(run.on('resume').of('announce')[0]).toMatchObject({ round: 2 });
  });

  it('who stops abandons the open round, and nothing happens afterwards', () => {
    const run = new Run().on('start').ready('ann', 'bob').on('stop');
    expect(run.of('close')[0]).toMatchObject({ outcome: 'abandoned', reason: 'stopped' });
    expect(phaseOf(run.state)).toBe('stopped');
    for (const kind of ['start', 'resume', 'tick'] as const) {
      expect(run.on(kind).effects).toEqual([]);
    }
    expect(run.ready('cid').effects).toEqual([]);
  });

  it('who stops while the adapter is being scored keeps the round', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann', 'bob');
    run.on('aggregated', { round: 1 }).on('stop');
    expect(run.of('close')[0]).toMatchObject({ round: 1, outcome: 'completed' });
    expect(run.state.completed).toEqual([1]);
  });

  it('who rolls back gets the old adapter, the later rounds undone and the open one abandoned', () => {
    const run = new Run().on('start').ready('ann', 'bob');
    for (const round of [1, 2]) {
      run.accept(round, 'ann', 'bob').on('aggregated', { round }).on('evaluated', { round });
    }
    expect(canRollBack(run.state, 3)).toBe(false);
    run.on('roll-back', { round: 1 });
    expect(run.effects.slice(0, 2)).toMatchObject([
      { kind: 'close', round: 3, outcome: 'abandoned', reason: 'rolled-back' },
      { kind: 'restore', round: 1 },
    ]);
    expect(run.state.completed).toEqual([1]);
    expect(run.of('announce')[0]).toMatchObject({ round: 4, completedRounds: 1 });
  });

  it('who changes the cohort changes the next round, not the open one', () => {
    const run = new Run().on('start').ready('ann', 'bob');
    run.on('settings-changed', { cohort: { ...cohort, deadlineSeconds: 7 } });
    expect(run.of('wake')).toEqual([{ kind: 'wake', atMs: 101_000 }]);
    run.accept(1, 'ann', 'bob').on('aggregated', { round: 1 }).on('evaluated', { round: 1 });
    expect(run.of('announce')[0]?.deadlineMs).toBe(8_000); // 1 s + 7 s
  });
});

describe('a hub restart', () => {
  it('keeps accepted updates and waits for the others to come back', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann');
    run.state = parseRoundState(JSON.stringify(run.state));
    run.nowMs = 30_000;
    run.on('restarted');
    expect(run.state.ready).toEqual([]);
    expect(run.ready('bob').of('announce')[0]?.clientIds).toEqual(['bob']);
    expect(run.accept(1, 'bob').of('aggregate')).toHaveLength(1);
  });

  it('gives out again what was under way', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann', 'bob');
    expect(run.on('restarted').of('aggregate')).toHaveLength(1);
    run.on('aggregated', { round: 1 });
    expect(run.on('restarted').of('evaluate')).toEqual([{ kind: 'evaluate', round: 1 }]);
  });

  it('abandons a round that the hub cannot aggregate', () => {
    const run = new Run().on('start').ready('ann', 'bob').accept(1, 'ann', 'bob');
    run.on('aggregation-failed', { round: 1 });
    expect(run.of('close')[0]).toMatchObject({ outcome: 'abandoned', reason: 'hub-failure' });
  });

  it('does not run time backwards', () => {
    const run = started();
    expect(run.at(50).state.nowMs).toBe(1_000);
  });
});
