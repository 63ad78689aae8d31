import { DatasetError, guessColumns, pickRows, readTable } from '@roundtable/dataset';
import type { Table } from '@roundtable/dataset';
import type { TaskSettings } from '@roundtable/protocol';
import type { EvaluationRow } from '../admin-api.ts';

const MAXIMUM_ROWS = 20_000;
const MAXIMUM_LABELS = 200;

export interface EvaluationFile {
  name: string;
  table: Table;
  input: string;
  output: string;
}

export interface ReadFailure {
  kind: DatasetError['kind'] | 'other';
  detail: string;
}

/** Reads a file in this page and guesses its columns; the first two where nothing tells them apart. */
export async function readEvaluationFile(file: File): Promise<EvaluationFile | ReadFailure> {
  try {
    const table = readTable(new Uint8Array(await file.arrayBuffer()), file.name);
    const guessed = guessColumns(table);
    const input = guessed.input ?? table.columns[0];
    const output = guessed.output ?? table.columns.find((column) => column !== input);
    if (input === undefined || output === undefined) {
      return { kind: 'missing-column', detail: table.columns.join(', ') };
    }
    return { name: file.name, table, input, output };
  } catch (error) {
    const kind = error instanceof DatasetError ? error.kind : 'other';
    return { kind, detail: error instanceof Error ? error.message : String(error) };
  }
}

export interface UsableRows {
  rows: EvaluationRow[];
  /** Left out: a blank cell, a label outside the set, or beyond the hub's limit. */
  skipped: { blank: number; unknownLabel: number; overLimit: number };
}

/** The rows of a file that fit the task. */
export function usableRows(file: EvaluationFile, task: TaskSettings): UsableRows {
  const { rows, dropped } = pickRows(file.table, { input: file.input, output: file.output });
  const trimmed = rows.map(({ input, output }) => ({ input, output: output.trim() }));
  const known = task.kind === 'classification' ? new Set(task.labels) : null;
  const fitting = known ? trimmed.filter(({ output }) => known.has(output)) : trimmed;
  const kept = fitting.slice(0, MAXIMUM_ROWS);
  return {
    rows: kept,
    skipped: {
      blank: dropped.emptyInput + dropped.emptyOutput,
      unknownLabel: trimmed.length - fitting.length,
      overLimit: fitting.length - kept.length,
    },
  };
}

/** The distinct labels of a file in falling order of how often they occur; at most what a federation may have. */
export function labelsOf(file: EvaluationFile): string[] {
  const { rows } = pickRows(file.table, { input: file.input, output: file.output });
  const counts = new Map<string, number>();
  for (const { output } of rows) counts.set(output.trim(), (counts.get(output.trim()) ?? 0) + 1);
  const labels = [...counts].sort((a, b) => b[1] - a[1]).map(([label]) => label);
  return labels.filter((label) => label !== '').slice(0, MAXIMUM_LABELS);
}
