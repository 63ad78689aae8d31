import type { FederationRecord, RoundRecord } from '@roundtable/protocol';
import type { Metric } from '../series.ts';
import { startOf, valueOf } from '../series.ts';

/** What runs can be laid over each other by. */
export const overlayAxes = ['round', 'bytes', 'seconds', 'epsilon'] as const;
export type OverlayAxis = (typeof overlayAxes)[number];

/** One completed round of a run; round 0 is the base model. */
export interface RunPoint {
  round: number;
  x: number;
  y: number;
}

interface Spent {
  /** Both directions, all participants, rounds that were given up included. */
  bytes: number;
  /** Inside rounds; waiting between them does not count. */
  seconds: number;
  /** Null without differential privacy. */
  epsilon: number | null;
}

function spend(before: Spent, round: RoundRecord): Spent {
  const { startedAtMs, endedAtMs, epsilon } = round;
  const ms = endedAtMs === null ? 0 : Math.max(0, endedAtMs - startedAtMs);
  return {
    bytes: before.bytes + round.bytesUp + round.bytesDown,
    seconds: before.seconds + ms / 1_000,
    epsilon: before.epsilon === null ? null : Math.max(before.epsilon, epsilon ?? 0),
  };
}

/** A metric of a run's completed rounds against what they had cost by then; empty where the run has no such cost. */
export function runPoints(
  federation: FederationRecord,
  metric: Metric,
  axis: OverlayAxis,
): RunPoint[] {
  let spent: Spent = {
    bytes: 0,
    seconds: 0,
    epsilon: federation.settings.privacy === null ? null : 0,
  };
  const points: RunPoint[] = [];
  const add = (round: number, y: number | null): void => {
    const x = axis === 'round' ? round : spent[axis];
    if (x !== null && y !== null) points.push({ round, x, y });
  };
  add(0, startOf(federation, metric));
  for (const round of federation.rounds) {
    spent = spend(spent, round);
    if (round.state === 'completed') add(round.round, valueOf(round, metric, spent.bytes));
  }
  return points;
}

/** The newest point that stands at or before x; null before the first. */
export function pointAt(points: readonly RunPoint[], x: number): RunPoint | null {
  return points.findLast((point) => point.x <= x) ?? null;
}
