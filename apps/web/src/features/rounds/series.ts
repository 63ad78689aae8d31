import type { FederationRecord, RoundRecord } from '@roundtable/protocol';

export const metrics = ['accuracy', 'loss', 'epsilon', 'bytes'] as const;
export type Metric = (typeof metrics)[number];

/** One metric over rounds: `x` are round numbers, 0 is before the first round. */
export interface Series {
  x: number[];
  y: (number | null)[];
}

/** A metric of the base model, before any round. */
export function startOf(federation: FederationRecord, metric: Metric): number | null {
  switch (metric) {
    case 'accuracy':
      return federation.evalAccuracyBefore;
    case 'loss':
      return federation.evalLossBefore;
    case 'epsilon':
      return federation.settings.privacy ? 0 : null;
    case 'bytes':
      return 0;
  }
}

/** A metric after a round; `bytesSoFar` is the running total of both directions. */
export function valueOf(round: RoundRecord, metric: Metric, bytesSoFar: number): number | null {
  switch (metric) {
    case 'accuracy':
      return round.evalAccuracy;
    case 'loss':
      return round.evalLoss;
    case 'epsilon':
      return round.epsilon;
    case 'bytes':
      return bytesSoFar;
  }
}

/** A metric of all rounds that ended; bytes are the running total of both directions. */
export function seriesOf(federation: FederationRecord, metric: Metric): Series {
  const series: Series = { x: [0], y: [startOf(federation, metric)] };
  let bytes = 0;
  for (const round of federation.rounds) {
    bytes += round.bytesUp + round.bytesDown;
    if (round.state !== 'completed' && metric !== 'bytes') continue;
    series.x.push(round.round);
    series.y.push(valueOf(round, metric, bytes));
  }
  return series;
}

/** Several series on one common, rising x; a series without a value at some x has a gap there. */
export function align(all: readonly Series[]): { x: number[]; ys: (number | null)[][] } {
  const x = [...new Set(all.flatMap((series) => series.x))].sort((a, b) => a - b);
  const ys = all.map((series) => {
    const at = new Map(series.x.map((round, i) => [round, series.y[i] ?? null]));
    return x.map((round) => at.get(round) ?? null);
  });
  return { x, ys };
}
