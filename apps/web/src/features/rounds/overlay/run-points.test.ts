import { describe, expect, it } from 'vitest';
import { federationRecord, roundRecord } from '../../../testing/federation.ts';
import { routingLikeSettings } from '../../../testing/settings.ts';
import { overlayLines } from './overlay-lines.ts';
import { runMark } from '../../../shared/dashboard/run-marks.ts';
import { pointAt, runPoints } from './run-points.ts';

const rounds = [
  roundRecord({ round: 1, startedAtMs: 0, endedAtMs: 2_000, evalAccuracy: 0.2, epsilon: 1 }),
  roundRecord({
    ...{ round: 2, state: 'abandoned', startedAtMs: 2_000, endedAtMs: 5_000 },
    ...{ bytesUp: 100, bytesDown: 0, evalAccuracy: null, epsilon: 1.4 },
  }),
  // Ten seconds of waiting before it.
  roundRecord({ round: 3, startedAtMs: 15_000, endedAtMs: 16_000, evalAccuracy: 0.4, epsilon: 2 }),
  roundRecord({ round: 4, state: 'training', startedAtMs: 20_000, endedAtMs: null }),
];
const run = federationRecord({ rounds });
const xs = (axis: Parameters<typeof runPoints>[2]) =>
  runPoints(run, 'accuracy', axis).map(({ x }) => x);

describe('runPoints', () => {
  it('puts the base model and the completed rounds on the axis of rounds', () => {
    expect(runPoints(run, 'accuracy', 'round')).toEqual([
      { round: 0, x: 0, y: 0.1 },
      { round: 1, x: 1, y: 0.2 },
      { round: 3, x: 3, y: 0.4 },
    ]);
  });

  it('counts what an abandoned round cost before the next completed one', () => {
    // 500 + 250, then 100 + 0 without a point, then 500 + 250 more.
    expect(xs('bytes')).toEqual([0, 750, 1_600]);
    // 2 s, then 3 s without a point, then 1 s; waiting does not count.
    expect(xs('seconds')).toEqual([0, 2, 6]);
    expect(xs('epsilon')).toEqual([0, 1, 2]);
  });

  it('never goes back on any axis', () => {
    const shrinking = [roundRecord({ epsilon: 2 }), roundRecord({ round: 2, epsilon: null })];
    const points = runPoints(federationRecord({ rounds: shrinking }), 'accuracy', 'epsilon');
    expect(points.map(({ x }) => x)).toEqual([0, 2, 2]);
  });

  it('has nothing to draw over ε where a run spends none', () => {
    const settings = routingLikeSettings({ privacy: null });
    expect(runPoints(federationRecord({ settings, rounds }), 'accuracy', 'epsilon')).toEqual([]);
  });

  it('leaves out what was not evaluated', () => {
    const blind = federationRecord({ evalAccuracyBefore: null, rounds: [rounds[1]!, rounds[2]!] });
    expect(runPoints(blind, 'accuracy', 'bytes')).toEqual([{ round: 3, x: 850, y: 0.4 }]);
  });
});

describe('pointAt', () => {
  it('finds what a run had reached by then', () => {
    const points = runPoints(run, 'accuracy', 'bytes');
    expect(pointAt(points, 1_599)?.round).toBe(1);
    expect(pointAt(points, 1_600)?.round).toBe(3);
    expect(pointAt(points, -1)).toBeNull();
  });
});

describe('overlayLines', () => {
  const other = federationRecord({
    federationId: 'federation-2',
    rounds: [roundRecord({ round: 1, bytesUp: 10, bytesDown: 0, evalAccuracy: 0.3 })],
  });
  const of = (smoothing: number) =>
    overlayLines({
      ...{ metric: 'accuracy', axis: 'bytes', smoothing },
      runs: [run, other].map((federation, index) => ({
        ...{ federation, color: '#000000', mark: runMark(index) },
      })),
    });

  it('puts runs that spend differently on one axis, with gaps where one has no point', () => {
    const { x, lines } = of(0);
    expect(x).toEqual([0, 10, 750, 1_600]);
    expect(lines.map(({ values }) => values)).toEqual([
      [0.1, null, 0.2, 0.4],
      [0.1, 0.3, null, null],
    ]);
  });

  it('draws what was measured faintly behind what is smoothed', () => {
    const { lines } = of(0.5);
    expect(lines.map(({ isFaint }) => isFaint)).toEqual([true, false, true, false]);
    expect(lines[0]!.values).toEqual(of(0).lines[0]!.values);
    // (0.25·0.1 + 0.5·0.2) / 0.75
    expect(lines[1]!.values[2]).toBeCloseTo(0.125 / 0.75, 12);
  });
});
