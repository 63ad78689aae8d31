import type { Comparison, ComparisonRow } from '@roundtable/protocol';
import { contenderName } from './contender.ts';

const percent = (fraction: number): string => (100 * fraction).toFixed(1);

function cells(row: ComparisonRow): string[] {
  const { accuracy, epsilonHub, epsilonBroadcast } = row;
  const spread = accuracy.halfWidth === null ? '' : ` ± ${percent(accuracy.halfWidth)}`;
  const epsilon = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  return [
    contenderName(row),
    `${percent(accuracy.mean)}${spread}`,
    String(row.learningRate),
    String(row.bytesUp),
    String(row.bytesDown),
    (row.clientMemoryBytes / 1e6).toFixed(1),
    row.clientSeconds.toFixed(2),
    `${epsilon(epsilonHub)} / ${epsilon(epsilonBroadcast)}`,
  ];
}

const HEAD = [
  'method',
  'accuracy %',
  'rate',
  'bytes up',
  'bytes down',
  'memory MB',
  'seconds',
  'ε hub / outsiders',
];

/** The comparison in words: a table in Markdown below what it is about. */
export function comparisonText(comparison: Comparison): string {
  const { data, baseModelId, backend, rounds, testExamples, majorityAccuracy } = comparison;
  const majority = majorityAccuracy === null ? '' : `majority ${percent(majorityAccuracy)} %, `;
  const table = [HEAD, ...comparison.rows.map(cells)];
  const widths = HEAD.map((_, k) => Math.max(...table.map((row) => row[k]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, k) => cell.padEnd(widths[k]!)).join(' | ')} |`;
  const [head, ...rows] = table.map(line);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const about = [
    `${data}; ${rounds} rounds`,
    `${testExamples} test examples: ${majority}base model ${percent(comparison.untrainedAccuracy)} %`,
    `${baseModelId} on ${backend}; bytes, memory and seconds of one client and round`,
  ];
  return `${[...about, '', head, rule, ...rows].join('\n')}\n`;
}
