import type { SimulationReport } from '../../apps/simulate/src/report/simulation-report.ts';

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 52;
const RIGHT = 150;
const TOP = 16;
const BOTTOM = 40;

/** A line of the chart: accuracies (fractions) of round 0, 1, …, one list per seed. */
export interface CurveSeries {
  readonly name: string;
  readonly color: string;
  readonly runs: readonly (readonly number[])[];
}

/** A flat line, such as a baseline. */
export interface CurveLevel {
  readonly name: string;
  readonly value: number;
}

/** Accuracies of round 0 (the base model) and of each finished round. */
export function accuraciesOf({ evalBefore, rounds }: SimulationReport): number[] {
  return [evalBefore, ...rounds.map(({ evalAccuracy }) => evalAccuracy)];
}

const xOf = (round: number, rounds: number): string =>
  (LEFT + (round / rounds) * (WIDTH - LEFT - RIGHT)).toFixed(1);
const yOf = (accuracy: number): string =>
  (HEIGHT - BOTTOM - accuracy * (HEIGHT - TOP - BOTTOM)).toFixed(1);

function meanOf(runs: CurveSeries['runs']): number[] {
  const [first = []] = runs;
  return first.map((_, k) => runs.reduce((sum, run) => sum + run[k]!, 0) / runs.length);
}

function polyline(values: readonly number[], color: string, style: string): string {
  const points = values.map((value, k) => `${xOf(k, values.length - 1)},${yOf(value)}`);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" ${style}/>`;
}

function label(x: string | number, y: string | number, text: string, style = ''): string {
  return `<text x="${x}" y="${y}" dominant-baseline="middle" ${style}>${text}</text>`;
}

function axes(rounds: number): string[] {
  const right = WIDTH - RIGHT;
  const levels = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
    `<line x1="${LEFT}" x2="${right}" y1="${yOf(value)}" y2="${yOf(value)}" stroke="#8886" stroke-width="1"/>`,
    label(LEFT - 8, yOf(value), `${String(Math.round(100 * value))} %`, 'text-anchor="end"'),
  ]);
  const ticks = Array.from({ length: rounds + 1 }, (_, k) =>
    label(xOf(k, rounds), HEIGHT - BOTTOM + 16, String(k), 'text-anchor="middle"'),
  );
  const middle = (LEFT + right) / 2;
  return [...levels, ...ticks, label(middle, HEIGHT - 8, 'round', 'text-anchor="middle"')];
}

/** A chart that reads on light and dark pages: the mean of each series thick, its seeds thin. */
export function curveSvg(
  series: readonly CurveSeries[],
  levels: readonly CurveLevel[],
  title: string,
): string {
  const rounds = (series[0]?.runs[0]?.length ?? 2) - 1;
  const right = WIDTH - RIGHT;
  const lines = series.flatMap(({ color, runs }) => [
    ...runs.map((run) => polyline(run, color, 'stroke-width="1" stroke-opacity="0.45"')),
    polyline(meanOf(runs), color, 'stroke-width="2.5"'),
  ]);
  const flat = levels.map(
    ({ value }) =>
      `<line x1="${LEFT}" x2="${right}" y1="${yOf(value)}" y2="${yOf(value)}" stroke="#888" stroke-width="1.5" stroke-dasharray="5 4"/>`,
  );
  const names = [
    ...series.map(({ name, color, runs }) => ({ name, color, value: meanOf(runs).at(-1) ?? 0 })),
    ...levels.map(({ name, value }) => ({ name, color: '#888', value })),
  ].sort((a, b) => b.value - a.value);
  let lowest = -Infinity;
  const legend = names.map(({ name, color, value }) => {
    // Names stand at the height of their lines, but never closer than a line of text.
    lowest = Math.max(Number(yOf(value)), lowest + 16);
    return label(
      right + 8,
      lowest,
      `${name} ${(100 * value).toFixed(0)} %`,
      `style="fill:${color}"`,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#888}</style>',
    ...axes(rounds),
    ...flat,
    ...lines,
    ...legend,
    '</svg>\n',
  ].join('\n');
}
