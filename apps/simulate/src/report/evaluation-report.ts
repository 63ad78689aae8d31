import type { EvaluationReport } from '../evaluate-file.ts';

function matrixLines(
  labels: readonly string[],
  confusion: readonly (readonly number[])[],
): string[] {
  const cells = confusion.map((row) => row.map(String));
  const width = Math.max(...[...labels, ...cells.flat()].map(({ length }) => length)) + 2;
  const line = (head: string, columns: readonly string[]) =>
    head.padEnd(width) + columns.map((cell) => cell.padStart(width)).join('');
  return [
    'rows: the file; columns: the model',
    line('', labels),
    ...labels.map((label, i) => line(label, cells[i]!)),
  ];
}

/** The report in words. */
export function evaluationText(report: EvaluationReport): string {
  const { labels, confusion } = report;
  const lines = [
    `base model  ${report.baseModel} on ${report.backend}`,
    `adapter     ${report.adapter ?? 'none'}`,
    `examples    ${report.examples} (${report.skipped} left out)`,
    `loss        ${report.loss.toFixed(4)}`,
    `accuracy    ${(100 * report.accuracy).toFixed(1)} %`,
  ];
  if (labels !== null && confusion !== null) lines.push('', ...matrixLines(labels, confusion));
  return `${lines.join('\n')}\n`;
}
