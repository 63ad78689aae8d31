import type { Comparison, ComparisonRow } from '@roundtable/protocol';

export type PlotAxis = 'epsilon' | 'bytes' | 'round';

const WIDTH = 720;
const HEIGHT = 400;
const FRAME = { left: 56, right: 250, top: 40, bottom: 48 } as const;
// Told apart by people with any colour vision, on white and on black (Okabe and Ito 2008, its black left out).
const COLORS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#d55e00',
  '#cc79a7',
  '#56b4e9',
  '#8a8a00',
  '#999999',
];
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 4', '12 4', '1 3', '6 2 1 2'];
const LEGEND_LINE = 17;

interface Point {
  readonly x: number;
  readonly y: number;
}

const titles: Readonly<Record<PlotAxis, string>> = {
  epsilon: 'ε spent against the hub',
  bytes: 'bytes up and down of one client so far',
  round: 'round',
};

function pointsOf({ curve, bytesUp, bytesDown }: ComparisonRow, axis: PlotAxis): Point[] {
  return curve.map(({ round, epsilon, accuracy }) => {
    const x = { epsilon: epsilon ?? 0, bytes: round * (bytesUp + bytesDown), round }[axis];
    return { x, y: accuracy };
  });
}

/** Rising round numbers from 0 to at least `top`, four to eight of them. */
function ticks(top: number): number[] {
  const power = 10 ** Math.floor(Math.log10(top / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => top / one <= 7)!;
  return Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, k) => k * step);
}

const short = (value: number): string => {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 1e4
    ? `${Number((value / 1e3).toPrecision(3))} k`
    : String(Number(value.toPrecision(6)));
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${style}>${escaped(content)}</text>`;
}

/** Words for people: the start where it sets rows apart or is Kaiming's, the unit only where it is a client. */
export function rowLabel(row: ComparisonRow, rows: readonly ComparisonRow[]): string {
  const alike = rows.filter(
    ({ method, privacyUnit }) => method === row.method && privacyUnit === row.privacyUnit,
  );
  const start = alike.length > 1 || row.aInit === 'kaiming' ? `, ${row.aInit} A` : '';
  return `${row.method}${start}${row.privacyUnit === 'client' ? ', client unit' : ''}`;
}

function legend(rows: readonly ComparisonRow[]): string[] {
  const order = rows.map((row, k) => ({ row, k }));
  order.sort((a, b) => b.row.accuracy.mean - a.row.accuracy.mean);
  const x = WIDTH - FRAME.right + 16;
  return order.flatMap(({ row, k }, line) => {
    const y = FRAME.top + 8 + line * LEGEND_LINE;
    const value = (100 * row.accuracy.mean).toFixed(1);
    return [
      `<line x1="${x}" x2="${x + 26}" y1="${y}" y2="${y}" ${strokeOf(k)}/>`,
      text(x + 32, y + 4, `${rowLabel(row, rows)} ${value} %`),
    ];
  });
}

const strokeOf = (k: number): string =>
  `stroke="${COLORS[k % COLORS.length]!}" stroke-width="2.2" stroke-dasharray="${DASHES[k % DASHES.length]!}"`;

/** Accuracy after each round, mean over seeds, against what it cost; reads on light and dark pages. */
export function comparisonSvg(comparison: Comparison, axis: PlotAxis): string {
  const { rows } = comparison;
  const series = rows.map((row) => pointsOf(row, axis));
  const xTicks = ticks(Math.max(...series.flat().map(({ x }) => x), 1e-9));
  const yTicks = ticks(Math.max(...series.flat().map(({ y }) => y)));
  const plotWidth = WIDTH - FRAME.left - FRAME.right;
  const plotHeight = HEIGHT - FRAME.top - FRAME.bottom;
  const xOf = (x: number) => FRAME.left + (x / xTicks.at(-1)!) * plotWidth;
  const yOf = (y: number) => HEIGHT - FRAME.bottom - (y / yTicks.at(-1)!) * plotHeight;
  const bottom = HEIGHT - FRAME.bottom;
  const right = FRAME.left + plotWidth;
  const grid = yTicks.flatMap((y) => [
    `<line x1="${FRAME.left}" x2="${right}" y1="${yOf(y).toFixed(1)}" y2="${yOf(y).toFixed(1)}" stroke="#8886"/>`,
    text(FRAME.left - 8, yOf(y) + 4, String(Math.round(100 * y)), 'text-anchor="end"'),
  ]);
  const base = yOf(comparison.untrainedAccuracy).toFixed(1);
  const lines = series.map((points, k) => {
    const path = points.map(({ x, y }) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" ${strokeOf(k)}/>`;
  });
  const centre = FRAME.left + plotWidth / 2;
  const middle = FRAME.top + plotHeight / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(comparison.data)}">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#888}</style>',
    text(FRAME.left, 20, comparison.data),
    ...grid,
    `<line x1="${FRAME.left}" x2="${right}" y1="${base}" y2="${base}" stroke="#888" stroke-dasharray="3 5"/>`,
    ...xTicks.map((x) => text(xOf(x), bottom + 18, short(x), 'text-anchor="middle"')),
    text(centre, HEIGHT - 8, titles[axis], 'text-anchor="middle"'),
    text(
      14,
      middle,
      'test accuracy %',
      `text-anchor="middle" transform="rotate(-90 14 ${middle})"`,
    ),
    ...lines,
    ...legend(rows),
    text(WIDTH - FRAME.right + 16, bottom, 'dotted: base model'),
    '</svg>\n',
  ].join('\n');
}
