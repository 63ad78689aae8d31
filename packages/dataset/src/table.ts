import type { TextEncoding } from './decode.ts';

export type TableWarningKind =
  | 'ragged'
  | 'empty-header'
  | 'duplicate-header'
  | 'bad-json-line'
  | 'unbalanced-quotes'
  | 'replaced-characters';

/** Something in a file that was mended. `row` counts data rows from 1 (lines, for JSON lines); 0 is the header. */
export interface TableWarning {
  row: number;
  kind: TableWarningKind;
  detail: string;
}

/** A file as named columns of text; each row has one cell per column. */
export interface Table {
  columns: string[];
  rows: string[][];
  encoding: TextEncoding;
  /** The first hundred; `warningCount` has their real number. */
  warnings: TableWarning[];
  warningCount: number;
}

const WARNINGS_KEPT = 100;

/** Collects what a reader finds; keeps the first hundred warnings and counts them all. */
export class WarningLog {
  readonly warnings: TableWarning[] = [];
  warningCount = 0;

  add(row: number, kind: TableWarningKind, detail: string): void {
    this.warningCount += 1;
    if (this.warnings.length < WARNINGS_KEPT) this.warnings.push({ row, kind, detail });
  }
}

/** Columns and rows without the file's encoding. */
export type Grid = Pick<Table, 'columns' | 'rows'>;

/** Header cells as distinct, non-empty column names: `column 3` for an empty one, `label (2)` for a second `label`. */
export function nameColumns(header: readonly string[], log: WarningLog): string[] {
  const names: string[] = [];
  header.forEach((cell, i) => {
    const trimmed = cell.trim();
    if (trimmed === '') log.add(0, 'empty-header', `column ${i + 1} has no name`);
    const wanted = trimmed === '' ? `column ${i + 1}` : trimmed;
    if (names.includes(wanted)) log.add(0, 'duplicate-header', `${wanted} is given twice`);
    names.push(freeName(wanted, names));
  });
  return names;
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let n = 2; taken.includes(name); n += 1) name = `${wanted} (${n})`;
  return name;
}

/** The row with exactly `width` cells: missing ones empty, surplus ones dropped, either with a warning. */
export function fitRow(
  cells: readonly string[],
  width: number,
  row: number,
  log: WarningLog,
): string[] {
  if (cells.length !== width) {
    log.add(row, 'ragged', `has ${cells.length} cells, the header ${width}`);
  }
  return Array.from({ length: width }, (_, i) => cells[i] ?? '');
}
