import type { FederationRecord } from '@roundtable/protocol';
import type { Metric } from '../series.ts';
import { align } from '../series.ts';
import { smooth } from '../smooth.ts';
import type { RunMark } from '../../../shared/dashboard/run-marks.ts';
import type { OverlayAxis, RunPoint } from './run-points.ts';
import { runPoints } from './run-points.ts';

/** A run with what tells it from the others. */
export interface MarkedRun {
  federation: FederationRecord;
  color: string;
  mark: RunMark;
}

export interface OverlayLine {
  label: string;
  color: string;
  mark: RunMark;
  values: (number | null)[];
  /** What was measured, behind the smoothed line. */
  isFaint: boolean;
}

export interface Overlay {
  /** Every x at which some run has a point, rising. */
  x: number[];
  lines: OverlayLine[];
  /** The measured points of each run, in the order of the runs. */
  points: RunPoint[][];
}

export interface OverlayWish {
  runs: readonly MarkedRun[];
  metric: Metric;
  axis: OverlayAxis;
  /** Weight of the past, 0 for none. */
  smoothing: number;
}

/** The lines of all runs on one axis. */
export function overlayLines({ runs, metric, axis, smoothing }: OverlayWish): Overlay {
  const points = runs.map(({ federation }) => runPoints(federation, metric, axis));
  const { x, ys } = align(
    points.map((of) => ({ x: of.map((point) => point.x), y: of.map((point) => point.y) })),
  );
  const isSmoothed = smoothing > 0 && (metric === 'accuracy' || metric === 'loss');
  const lines = runs.flatMap(({ federation, color, mark }, i): OverlayLine[] => {
    const line = { label: federation.settings.name, color, mark, values: ys[i]!, isFaint: false };
    if (!isSmoothed) return [line];
    return [
      { ...line, isFaint: true },
      { ...line, values: smooth(line.values, smoothing) },
    ];
  });
  return { x, lines, points };
}
