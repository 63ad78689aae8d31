import type { TextEncoding } from './decode.ts';
import { decodeText } from './decode.ts';
import { readDelimited, readLines } from './delimited.ts';
import { DatasetError } from './error.ts';
import { readJson, readJsonLines } from './json.ts';
import type { Grid, Table } from './table.ts';
import { WarningLog } from './table.ts';

export interface ReadOptions {
  encoding?: TextEncoding | 'auto';
  /** One character; guessed for csv and a tab for tsv without it. */
  delimiter?: string;
  /** Refuses larger files; 200 MB without it. */
  maximumBytes?: number;
}

const DEFAULT_MAXIMUM_BYTES = 200_000_000;

const readers = {
  csv: (text, log, delimiter) => readDelimited(text, delimiter ?? '', log),
  tsv: (text, log, delimiter) => readDelimited(text, delimiter ?? '\t', log),
  json: (text, log) => readJson(text, log),
  jsonl: (text, log) => readJsonLines(text, log),
  ndjson: (text, log) => readJsonLines(text, log),
  txt: (text) => readLines(text),
} satisfies Record<string, (text: string, log: WarningLog, delimiter?: string) => Grid>;

/** The endings of file names that {@link readTable} reads. */
export const tableExtensions = Object.keys(readers);

/**
 * A file as a table: csv, tsv, json, jsonl, ndjson or txt, by the ending of its name. Ragged rows, empty and doubled
 * headers and bad lines are mended and reported as warnings.
 * @throws DatasetError naming the file, for what is too large, no text, of another format, or without rows
 */
export function readTable(bytes: Uint8Array, fileName: string, options: ReadOptions = {}): Table {
  const reader = readerFor(fileName);
  const maximum = options.maximumBytes ?? DEFAULT_MAXIMUM_BYTES;
  if (bytes.length > maximum) {
    throw new DatasetError(
      'too-large',
      `${fileName}: has ${bytes.length} bytes, at most ${maximum} can be read`,
      { bytes: bytes.length, maximum },
    );
  }
  if (bytes.length === 0) throw new DatasetError('empty', `${fileName}: the file is empty`);
  return naming(fileName, () => {
    const { text, encoding, replacedCharacters } = decodeText(bytes, options.encoding);
    const log = new WarningLog();
    if (replacedCharacters > 0) {
      log.add(0, 'replaced-characters', `${replacedCharacters} characters are broken`);
    }
    const { columns, rows } = reader(text, log, options.delimiter);
    if (columns.length === 0) throw new DatasetError('empty', 'the file is empty');
    if (rows.length === 0) {
      throw new DatasetError('no-rows', `there is a header (${columns.join(', ')}) and no row`, {
        columns,
      });
    }
    return { columns, rows, encoding, warnings: log.warnings, warningCount: log.warningCount };
  });
}

function readerFor(fileName: string) {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(readers, ending)) return readers[ending as keyof typeof readers];
  throw new DatasetError(
    'format',
    `${fileName}: only ${tableExtensions.join(', ')} files can be read`,
    { extensions: tableExtensions },
  );
}

function naming<T>(fileName: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new DatasetError(error.kind, `${fileName}: ${error.message}`, error.details);
  }
}
