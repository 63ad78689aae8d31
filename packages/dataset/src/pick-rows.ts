import { DatasetError } from './error.ts';
import type { Table } from './table.ts';

/** Which column is read and which is to be learned. */
export interface ColumnChoice {
  input: string;
  output: string;
}

export interface PickedRows {
  rows: { input: string; output: string }[];
  /** Rows left out because a cell was blank; one with both blank counts as `emptyInput`. */
  dropped: { emptyInput: number; emptyOutput: number };
}

/**
 * The two chosen columns without blanks around the cells.
 * @throws DatasetError of kind `missing-column` that names the column and lists those there are
 */
export function pickRows(table: Pick<Table, 'columns' | 'rows'>, choice: ColumnChoice): PickedRows {
  const inputColumn = columnIndex(table.columns, choice.input);
  const outputColumn = columnIndex(table.columns, choice.output);
  const picked: PickedRows = { rows: [], dropped: { emptyInput: 0, emptyOutput: 0 } };
  for (const row of table.rows) {
    const input = (row[inputColumn] ?? '').trim();
    const output = (row[outputColumn] ?? '').trim();
    if (input === '') picked.dropped.emptyInput += 1;
    else if (output === '') picked.dropped.emptyOutput += 1;
    else picked.rows.push({ input, output });
  }
  return picked;
}

const LISTED_COLUMNS = 40;
const LISTED_LETTERS = 60;

/** The columns for a message: a file that is no table may have one name of a megabyte. */
function listed(columns: readonly string[]): string {
  const names = columns
    .slice(0, LISTED_COLUMNS)
    .map((name) => (name.length > LISTED_LETTERS ? `${name.slice(0, LISTED_LETTERS)}…` : name));
  const rest = columns.length - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function columnIndex(columns: readonly string[], name: string): number {
  const index = columns.indexOf(name);
  if (index >= 0) return index;
  throw new DatasetError(
    'missing-column',
    `column "${name}" is not in the file, which has: ${listed(columns)}`,
    { column: name, columns },
  );
}
