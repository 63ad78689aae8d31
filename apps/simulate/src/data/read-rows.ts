import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pickRows, readTable } from '@roundtable/dataset';
import type { ColumnChoice, Table, TextEncoding } from '@roundtable/dataset';

export interface Row {
  readonly input: string;
  readonly output: string;
  /** The cell of the column that says whose row it is; empty where no such column was asked for. */
  readonly group: string;
}

export interface FileChoice extends ColumnChoice {
  readonly path: string;
  readonly encoding: TextEncoding | 'auto';
  /** Column that says whose row it is. */
  readonly group: string | null;
}

export interface ReadRows {
  readonly rows: Row[];
  readonly encoding: TextEncoding;
  /** What was mended or left out, for people. */
  readonly notes: string[];
}

/** Cells of each row's group column, in the order of the rows. */
function groupCells(table: Table, group: string | null, input: string): string[] {
  if (group === null) return table.rows.map(() => '');
  pickRows(table, { input, output: group }); // refuses an unknown column in the usual words
  const column = table.columns.indexOf(group);
  return table.rows.map((cells) => (cells[column] ?? '').trim());
}

function notesOf(table: Table, dropped: { emptyInput: number; emptyOutput: number }): string[] {
  const notes = table.warnings
    .slice(0, 5)
    .map(({ row, kind, detail }) => `${row === 0 ? 'header' : `row ${row}`}: ${kind}: ${detail}`);
  const unsaid = table.warningCount - notes.length;
  if (unsaid > 0) notes.push(`${unsaid} more warnings`);
  const empty = dropped.emptyInput + dropped.emptyOutput;
  if (empty > 0) notes.push(`${empty} rows left out because a cell is empty`);
  return notes;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

/**
 * Reads two columns of a csv, tsv, json, jsonl or txt file.
 * @throws DatasetError or Error naming file, column and reason
 */
export async function readRows(choice: FileChoice): Promise<ReadRows> {
  const bytes = await readBytes(choice.path);
  const table = readTable(bytes, basename(choice.path), { encoding: choice.encoding });
  const groups = groupCells(table, choice.group, choice.input);
  const rows: Row[] = [];
  const dropped = { emptyInput: 0, emptyOutput: 0 };
  table.rows.forEach((cells, i) => {
    const one = pickRows({ columns: table.columns, rows: [cells] }, choice);
    dropped.emptyInput += one.dropped.emptyInput;
    dropped.emptyOutput += one.dropped.emptyOutput;
    for (const row of one.rows) rows.push({ ...row, group: groups[i]! });
  });
  if (rows.length === 0) {
    throw new Error(`${basename(choice.path)}: no row has both ${choice.input} and ${choice.output}`);
  }
  return { rows, encoding: table.encoding, notes: notesOf(table, dropped) };
}
