import Papa from 'papaparse';
import type { Grid, WarningLog } from './table.ts';
import { fitRow, nameColumns } from './table.ts';

interface Parsed {
  data: string[][];
  errors: { type: string; message: string; row?: number | undefined }[];
}

/** Cells of comma- or otherwise separated text; the first row names the columns. An empty delimiter is guessed. */
export function readDelimited(text: string, delimiter: string, log: WarningLog): Grid {
  // One kind of line end: the parser settles on one for the whole file, and files mix them.
  const parsed: Parsed = Papa.parse(text.replace(/\r\n?/g, '\n'), {
    delimiter,
    newline: '\n',
    delimitersToGuess: [',', ';', '\t', '|'],
    skipEmptyLines: 'greedy',
  });
  for (const { type, message, row } of parsed.errors) {
    if (type === 'Quotes') log.add(row ?? 0, 'unbalanced-quotes', message);
  }
  const [header, ...rows] = parsed.data;
  if (header === undefined) return { columns: [], rows: [] };
  const columns = nameColumns(header, log);
  return { columns, rows: rows.map((cells, i) => fitRow(cells, columns.length, i + 1, log)) };
}

/** One row per line that is not blank, in a single column `text`. */
export function readLines(text: string): Grid {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  return { columns: ['text'], rows: lines.map((line) => [line]) };
}
