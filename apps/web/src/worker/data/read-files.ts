import type { Table, TextEncoding } from '@roundtable/dataset';
import { DatasetError, readTable } from '@roundtable/dataset';
import type { FileReport } from '../messages.ts';

export interface NamedFile {
  name: string;
  bytes: () => Promise<Uint8Array>;
}

export interface CombinedTable {
  columns: string[];
  rows: string[][];
  reports: FileReport[];
}

const encodings: readonly string[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'shift_jis',
  'euc-jp',
  'latin1',
] satisfies TextEncoding[];

function isEncoding(value: string | null): value is TextEncoding {
  return value !== null && encodings.includes(value);
}

/** Several files with the same columns as one table. A file that cannot be used loses nothing else. */
export async function readFiles(
  files: readonly NamedFile[],
  encoding: string | null,
): Promise<CombinedTable> {
  const combined: CombinedTable = { columns: [], rows: [], reports: [] };
  for (const file of files) {
    try {
      const options = { encoding: isEncoding(encoding) ? encoding : ('auto' as const) };
      add(combined, file.name, readTable(await file.bytes(), file.name, options));
    } catch (error) {
      combined.reports.push(failed(file.name, error));
    }
  }
  return combined;
}

function add(combined: CombinedTable, name: string, table: Table): void {
  const isFirst = combined.columns.length === 0;
  if (!isFirst && combined.columns.join('\0') !== table.columns.join('\0')) {
    const detail = `${table.columns.join(', ')} ≠ ${combined.columns.join(', ')}`;
    combined.reports.push({
      name,
      rows: 0,
      encoding: table.encoding,
      error: { kind: 'other-columns', detail },
      warnings: [],
    });
    return;
  }
  combined.columns = table.columns;
  for (const row of table.rows) combined.rows.push(row);
  combined.reports.push({
    name,
    rows: table.rows.length,
    encoding: table.encoding,
    error: null,
    warnings: groupWarnings(table),
  });
}

/** The reader keeps the first hundred warnings; beyond them a count is a lower bound. */
function groupWarnings(table: Table): FileReport['warnings'] {
  const isCut = table.warningCount > table.warnings.length;
  const groups = new Map<string, FileReport['warnings'][number]>();
  for (const { kind, row } of table.warnings) {
    const group = groups.get(kind) ?? { kind, count: 0, isLowerBound: isCut, firstRow: row };
    group.count += 1;
    groups.set(kind, group);
  }
  return [...groups.values()];
}

function failed(name: string, error: unknown): FileReport {
  const kind = error instanceof DatasetError ? error.kind : 'other';
  const detail = error instanceof Error ? error.message : String(error);
  return { name, rows: 0, encoding: '', error: { kind, detail }, warnings: [] };
}
