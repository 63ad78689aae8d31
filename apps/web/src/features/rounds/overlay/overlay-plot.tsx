import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { PlotLook } from '../plot-look.ts';
import { plotLook, yRange } from '../plot-look.ts';
import classes from './overlay.module.css';
import type { OverlayLine } from './overlay-lines.ts';
import { markerPath } from '../../../shared/dashboard/run-marks.ts';

export interface OverlayPlotProps {
  x: readonly number[];
  lines: readonly OverlayLine[];
  formatX: (value: number) => string;
  formatY: (value: number) => string;
  /** Whether x counts whole things, such as rounds. */
  isCounted: boolean;
  minimumSpan: number;
  /** Index into `x` of the crosshair; null where nobody points. */
  at: number | null;
  onPoint: (at: number | null) => void;
}

const HEIGHT = 340;
const MOST_MARKERS = 14;
const counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Every how manieth point carries a marker, so that a long run stays a line. */
function markerStep(values: readonly (number | null)[]): number {
  return Math.max(1, Math.ceil(values.filter((value) => value !== null).length / MOST_MARKERS));
}

function drawMarkers(plot: uPlot, line: OverlayLine, surface: string): void {
  const { ctx } = plot;
  const half = 4 * devicePixelRatio;
  const step = markerStep(line.values);
  let seen = -1;
  ctx.save();
  ctx.fillStyle = line.color;
  ctx.strokeStyle = surface;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  line.values.forEach((value, i) => {
    if (value === null) return;
    seen += 1;
    if (seen % step !== 0) return;
    const x = plot.valToPos(plot.data[0][i]!, 'x', true);
    const path = new Path2D(markerPath(line.mark.marker, x, plot.valToPos(value, 'y', true), half));
    ctx.fill(path);
    ctx.stroke(path);
  });
  ctx.restore();
}

function seriesOf({ label, color, mark, isFaint }: OverlayLine): uPlot.Series {
  return {
    label,
    stroke: isFaint ? `${color}55` : color,
    width: isFaint ? 1.25 : 2.25,
    dash: isFaint ? [] : [...mark.dash],
    spanGaps: true,
    points: { show: false },
  };
}

type Newest = Pick<OverlayPlotProps, 'x' | 'lines' | 'onPoint'>;

function optionsOf(
  host: HTMLElement,
  look: PlotLook,
  props: Omit<OverlayPlotProps, 'at' | keyof Newest>,
  newest: { readonly current: Newest },
): uPlot.Options {
  const { rem, axis, surface } = look;
  const { isCounted, formatX, formatY, minimumSpan } = props;
  return {
    width: Math.max(160, host.clientWidth),
    height: HEIGHT * rem,
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 9 } },
    legend: { show: false },
    scales: {
      x: {
        time: false,
        range: () => [0, newest.current.x.at(-1) || 1],
      },
      y: {
        range: (_plot, low: number | null, high: number | null) => yRange(low, high, minimumSpan),
      },
    },
    axes: [
      {
        ...axis,
        ...(isCounted && { incrs: counts }),
        size: 30 * rem,
        space: 76 * rem,
        values: (_plot, ticks) => ticks.map((tick) => formatX(tick)),
      },
      { ...axis, size: 62 * rem, values: (_plot, ticks) => ticks.map((tick) => formatY(tick)) },
    ],
    series: [{}, ...newest.current.lines.map(seriesOf)],
    hooks: {
      draw: [
        (plot) => {
          for (const line of newest.current.lines) {
            if (!line.isFaint) drawMarkers(plot, line, surface);
          }
        },
      ],
      setCursor: [
        (plot) => {
          // New data and keys move the crosshair too; only a pointer says where it should stand.
          if (plot.cursor.event) newest.current.onPoint(plot.cursor.idx ?? null);
        },
      ],
    },
  };
}

function dataOf({ x, lines }: Pick<Newest, 'x' | 'lines'>): uPlot.AlignedData {
  return [[...x], ...lines.map(({ values }) => [...values])];
}

/** All runs in one plot; where the crosshair stands is the caller's, so that keys move it too. */
export function OverlayPlot(props: OverlayPlotProps) {
  const { x, lines, formatX, formatY, isCounted, minimumSpan, at, onPoint } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const newest = useRef<Newest>({ x, lines, onPoint });
  useEffect(() => {
    newest.current = { x, lines, onPoint };
  });
  const look = lines.map((l) => `${l.label}|${l.color}|${l.mark.marker}|${l.isFaint}`).join('\n');

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const settings = { formatX, formatY, isCounted, minimumSpan };
    const theme = plotLook(element);
    const options = optionsOf(element, theme, settings, newest);
    const made = new uPlot(options, dataOf(newest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: Math.max(160, element.clientWidth), height: HEIGHT * theme.rem });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [look, formatX, formatY, isCounted, minimumSpan, scheme]);

  useEffect(() => {
    plot.current?.setData(dataOf({ x, lines }));
  }, [x, lines]);

  useEffect(() => {
    const made = plot.current;
    if (!made || at === null || made.cursor.idx === at) return;
    const value = x[at];
    if (value === undefined) return;
    made.setCursor({ left: made.valToPos(value, 'x'), top: 0 }, false);
  }, [at, x]);

  return <div ref={host} className={classes.plot} style={{ minHeight: HEIGHT }} />;
}
