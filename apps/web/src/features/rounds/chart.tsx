import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import classes from './chart.module.css';
import { plotLook, yRange } from './plot-look.ts';

export interface ChartLine {
  label: string;
  color: string;
  values: readonly (number | null)[];
  /** The unsmoothed values behind a smoothed line. */
  isFaint?: boolean;
}

export interface ChartProps {
  /** Spoken summary; the numbers themselves stand in a table on the same page. */
  label: string;
  x: readonly number[];
  lines: readonly ChartLine[];
  /** Must not change between renders without need: a change rebuilds the chart. */
  format: (value: number) => string;
  /** A level to stay below, drawn as a dashed line. */
  limit?: number | undefined;
  /** Last x of the axis, so that it does not stretch while points arrive. */
  lastX: number;
  /** The y axis never shows less than this, so that noise does not look like news. */
  minimumSpan: number;
  height?: number;
}

const sync = uPlot.sync('rounds');

/** A dashed level across the plot, such as the ε budget. */
function drawLimit(plot: uPlot, limit: number, color: string): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(limit, 'y', true));
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

interface Look {
  lines: readonly Pick<ChartLine, 'label' | 'color' | 'isFaint'>[];
  format: ChartProps['format'];
  limit: number | undefined;
  lastX: number;
  minimumSpan: number;
  height: number;
}

/** What the legend shows until somebody points at a round. */
function newestOf(plot: uPlot, series: number): number | null | undefined {
  return [...plot.data[series]!].findLast((value) => typeof value === 'number');
}

function buildOptions(host: HTMLElement, look: Look): uPlot.Options {
  const { limit, format } = look;
  const { rem, bad, axis } = plotLook(host);
  return {
    width: Math.max(160, host.clientWidth),
    height: look.height,
    cursor: { sync: { key: sync.key, setSeries: false }, drag: { x: false, y: false } },
    legend: { show: true, live: true },
    scales: {
      x: { time: false, range: () => [0, Math.max(1, look.lastX)] },
      y: {
        range: (_plot, low: number | null, high: number | null) =>
          yRange(low, Math.max(high ?? 0, limit ?? -Infinity), look.minimumSpan),
      },
    },
    axes: [
      { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], size: 30 * rem },
      { ...axis, size: 62 * rem, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {
        label: 'x',
        value: (_plot, value: number | null) => (value === null ? '–' : String(value)),
      },
      ...look.lines.map((line) => ({
        label: line.label,
        stroke: line.isFaint ? `${line.color}55` : line.color,
        width: line.isFaint ? 1.25 : 2.25,
        spanGaps: true,
        points: { show: !line.isFaint, size: 6, fill: line.color },
        value: (plot: uPlot, value: number | null, at: number, index: number | null) => {
          const shown = index === null ? newestOf(plot, at) : value;
          return typeof shown === 'number' ? format(shown) : '–';
        },
      })),
    ],
    hooks:
      limit === undefined
        ? {}
        : {
            draw: [
              (plot) => {
                drawLimit(plot, limit, bad);
              },
            ],
          },
  };
}

function toData(x: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [[...x], ...lines.map(({ values }) => [...values])];
}

/** One plot over rounds. Its crosshair is shared with all other plots of the page. */
export function Chart(props: ChartProps) {
  const { label, x, lines, format, limit, lastX, minimumSpan, height = 210 } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const newest = useRef({ x, lines });
  useEffect(() => {
    newest.current = { x, lines };
  });
  const look = lines.map((l) => `${l.label}|${l.color}|${l.isFaint ? 1 : 0}`).join('\n');

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const now = newest.current;
    const options = buildOptions(element, {
      ...{ lines: now.lines, format, limit },
      ...{ lastX, minimumSpan, height },
    });
    const made = new uPlot(options, toData(now.x, now.lines), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: Math.max(160, element.clientWidth), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [look, format, limit, lastX, minimumSpan, height, scheme]);

  useEffect(() => {
    plot.current?.setData(toData(x, lines));
  }, [x, lines]);

  return (
    <div
      ref={host}
      className={classes.chart}
      style={{ minHeight: height + 30 }}
      role="img"
      aria-label={label}
    />
  );
}
