import type uPlot from 'uplot';

/** The colours and sizes of the page around a plot, which a canvas does not inherit. */
export interface PlotLook {
  /** Grows with the page, as in projector mode. */
  rem: number;
  bad: string;
  surface: string;
  axis: Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'>;
}

function cssColor(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** The look of the page where `host` stands. */
export function plotLook(host: HTMLElement): PlotLook {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const grid = { stroke: cssColor(host, '--rt-line'), width: 1 };
  const font = `${12 * rem}px ${getComputedStyle(host).fontFamily}`;
  const stroke = cssColor(host, '--mantine-color-dimmed');
  return {
    rem,
    bad: cssColor(host, '--rt-bad'),
    surface: cssColor(host, '--rt-surface'),
    axis: { stroke, grid, ticks: { ...grid, size: 4 }, font },
  };
}

/** From a little below the smallest to a little above the largest value; zero where that is near. */
export function yRange(low: number | null, high: number | null, span: number): [number, number] {
  const min = low ?? 0;
  const top = Math.max(high ?? 0, min + span);
  const pad = (top - min) * 0.08;
  return [min >= 0 && min - pad < 0 ? 0 : min - pad, top + pad];
}

/** The y axis never shows less than this, so that noise does not look like news. */
export const minimumSpans = { accuracy: 0.1, loss: 0.2, epsilon: 1, bytes: 10_000 } as const;
