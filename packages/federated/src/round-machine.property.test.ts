import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoundEffect, RoundEvent } from './round-events.ts';
import { step } from './round-machine.ts';
import { parseRoundState } from './round-state-json.ts';
import { initialState } from './round-state.ts';
import type { RoundState } from './round-state.ts';

const clientId = fc.constantFrom('ann', 'bob', 'cid', 'dan', 'eve', 'fay');
const cohorts = fc
  .record({
    minimum: fc.integer({ min: 1, max: 4 }),
    extra: fc.integer({ min: 0, max: 3 }),
    overSelection: fc.constantFrom(1, 1.3, 2),
    deadlineSeconds: fc.integer({ min: 1, max: 60 }),
    minimumFraction: fc.constantFrom(0, 0.5, 1),
  })
  .map(({ extra, ...rest }) => ({ ...rest, target: rest.minimum + extra }));

/** An event with round numbers relative to the latest round, so that many of them fit. */
interface Draft {
  readonly kind: RoundEvent['kind'];
  readonly clientId: string;
  readonly roundsBack: number;
  readonly elapsedMs: number;
}
const drafts = fc.array(
  fc.record<Draft>({
    kind: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('client-ready' as const, 'update-accepted' as const),
      },
      { weight: 4, arbitrary: fc.constantFrom('aggregated' as const, 'evaluated' as const) },
      { weight: 2, arbitrary: fc.constantFrom('tick' as const, 'start' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom<RoundEvent['kind'][]>(
          'client-gone',
          'client-unready',
          'client-declined',
          'client-removed',
          'aggregation-failed',
          'restarted',
          'pause',
          'resume',
          'roll-back',
        ),
      },
    ),
    clientId,
    roundsBack: fc.constantFrom(0, 0, 0, 0, 1, 2),
    elapsedMs: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: -2_000, max: 40_000 })),
  }),
  { minLength: 1, maxLength: 120 },
);

interface Trace {
  readonly steps: { before: RoundState; event: RoundEvent; after: RoundState }[];
  readonly effects: RoundEffect[];
}

function play(cohort: RoundState['cohort'], events: readonly Draft[]): Trace {
  let state = initialState({ cohort, rounds: 4, selectionSeed: 'property' });
  let nowMs = 0;
  const trace: Trace = { steps: [], effects: [] };
  const stop = { kind: 'stop', clientId: 'ann', roundsBack: 0, elapsedMs: 1 } as const;
  const start = { ...stop, kind: 'start' } as const;
  for (const { kind, clientId: id, roundsBack, elapsedMs } of [start, ...events, stop, start]) {
    nowMs += elapsedMs;
    const round = state.lastRound - roundsBack;
    const event = { kind, nowMs, clientId: id, round, reason: 'paused' } as unknown as RoundEvent;
    const next = step(state, event);
    trace.steps.push({ before: state, event, after: next.state });
    trace.effects.push(...next.effects);
    state = parseRoundState(JSON.stringify(next.state)); // as after a crash at any point
  }
  return trace;
}

const always = (check: (trace: Trace) => void): void => {
  fc.assert(
    fc.property(cohorts, drafts, (cohort, events) => {
      check(play(cohort, events));
    }),
    { numRuns: 300 },
  );
};

const ofKind = <K extends RoundEffect['kind']>(effects: readonly RoundEffect[], kind: K) =>
  effects.filter((e): e is Extract<RoundEffect, { kind: K }> => e.kind === kind);

describe('for any sequence of events', () => {
  it('every announced round ends exactly once, completed or abandoned, before the next is announced', () => {
    always(({ effects }) => {
      let open: number | null = null;
      const ended = new Set<number>();
      for (const effect of effects) {
        if (effect.kind === 'announce' && effect.round !== open) {
          expect(open).toBeNull();
          expect(ended.has(effect.round)).toBe(false);
          open = effect.round;
        }
        if (effect.kind === 'close') {
          expect(effect.round).toBe(open);
          ended.add(effect.round);
          open = null;
        }
      }
      expect(open).toBeNull(); // the last event stops the federation
    });
  });

  it('no client is counted twice and none that was not asked', () => {
    always(({ effects }) => {
      const asked = new Map<number, Set<string>>();
      for (const effect of effects) {
        if (effect.kind === 'announce') {
          const known = asked.get(effect.round) ?? new Set();
          asked.set(effect.round, new Set([...known, ...effect.clientIds]));
        }
        if (effect.kind !== 'aggregate') continue;
        expect(new Set(effect.clientIds).size).toBe(effect.clientIds.length);
        for (const id of effect.clientIds) expect(asked.get(effect.round)?.has(id)).toBe(true);
      }
    });
  });

  it('a round is aggregated only with the updates that were reported for it, at least the minimum', () => {
    always(({ steps, effects }) => {
      const minimum = steps[0]!.before.cohort.minimum;
      const reported = new Set(
        steps.flatMap(({ event }) =>
          event.kind === 'update-accepted' ? [`${event.round}/${event.clientId}`] : [],
        ),
      );
      for (const { round, clientIds } of ofKind(effects, 'aggregate')) {
        expect(clientIds.length).toBeGreaterThanOrEqual(minimum);
        for (const id of clientIds) expect(reported.has(`${round}/${id}`)).toBe(true);
      }
    });
  });

  it('time, round numbers and deadlines never go back', () => {
    always(({ steps, effects }) => {
      for (const { before, after } of steps) {
        expect(after.nowMs).toBeGreaterThanOrEqual(before.nowMs);
        expect(after.lastRound).toBeGreaterThanOrEqual(before.lastRound);
      }
      const deadlines = ofKind(effects, 'announce').map((effect) => effect.deadlineMs);
      expect(deadlines).toEqual([...deadlines].sort((a, b) => a - b));
    });
  });

  it('a wake that is asked for lies in the future, and a running round always has one', () => {
    always(({ steps }) => {
      for (const { before, event, after } of steps) {
        const wakes = ofKind(step(before, event).effects, 'wake');
        for (const { atMs } of wakes) expect(atMs).toBeGreaterThan(after.nowMs);
        if (after.stage.kind === 'training') expect(wakes).toHaveLength(1);
      }
    });
  });

  it('nothing happens after the end and removed clients stay out', () => {
    always(({ steps }) => {
      for (const { before, event, after } of steps) {
        if (before.stage.kind === 'stopped') {
          expect(step(before, event)).toEqual({ state: before, effects: [] });
        }
        for (const id of after.removed) expect(after.ready).not.toContain(id);
        for (const { clientIds } of ofKind(step(before, event).effects, 'aggregate')) {
          for (const id of after.removed) expect(clientIds).not.toContain(id);
        }
      }
    });
  });

  it('the same events give the same states and effects', () => {
    fc.assert(
      fc.property(cohorts, drafts, (cohort, events) => {
        expect(play(cohort, events)).toEqual(play(cohort, events));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a hub that carries out its effects', () => {
  it('finishes every federation of which the minimum answers, whatever order and losses', () => {
    const answers = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(cohorts, answers, (cohort, isAnswering) => {
        const clients = Array.from({ length: cohort.target + 2 }, (_, i) => `client-${i}`);
        const steady = new Set(clients.slice(0, Math.ceil(cohort.target * 2)));
        let state = initialState({ cohort, rounds: 2, selectionSeed: 'steady' });
        const queue: RoundEvent[] = [{ kind: 'start', nowMs: 0 }];
        for (const id of clients) queue.push({ kind: 'client-ready', clientId: id, nowMs: 0 });
        let wakeMs: number | null = null;
        for (let i = 0; i < 5_000 && state.stage.kind !== 'stopped'; i += 1) {
          const event = queue.shift() ?? { kind: 'tick' as const, nowMs: wakeMs ?? 0 };
          const next = step(state, event);
          state = next.state;
          wakeMs = null;
          for (const effect of next.effects) {
            const { nowMs } = state;
            if (effect.kind === 'wake') wakeMs = effect.atMs;
            if (effect.kind === 'aggregate') {
              queue.push({ kind: 'aggregated', round: effect.round, nowMs });
            }
            if (effect.kind === 'evaluate') {
              queue.push({ kind: 'evaluated', round: effect.round, nowMs });
            }
            if (effect.kind !== 'announce') continue;
            for (const id of effect.clientIds) {
              const { round } = effect;
              const isLost = !isAnswering.next().value && steady.has(id) && state.lastRound < 3;
              if (!isLost) queue.push({ kind: 'update-accepted', round, clientId: id, nowMs });
            }
          }
        }
        expect(state.stage).toEqual({ kind: 'stopped', because: 'finished' });
      }),
      { numRuns: 100 },
    );
  });
});
