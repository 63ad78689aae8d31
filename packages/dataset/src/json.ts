import { DatasetError } from './error.ts';
import type { Grid, WarningLog } from './table.ts';

/**
 * A table from JSON: a list of objects, an object of lists (one per column), an object that wraps one list of
 * objects, or, whatever the file's name says, JSON lines.
 * @throws DatasetError of kind `invalid-json` for anything else
 */
export function readJson(text: string, log: WarningLog): Grid {
  const value = parse(text);
  if (value === undefined) return readJsonLines(text, log);
  if (Array.isArray(value)) return fromObjects(value, log, (i) => i + 1);
  if (!isObject(value)) throw shapeError();
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] =>
    Array.isArray(entry[1]),
  );
  const only = lists[0]?.[1];
  if (lists.length === 1 && only?.every(isObject)) return fromObjects(only, log, (i) => i + 1);
  if (lists.length === 0 || lists.length < Object.keys(value).length) {
    return fromObjects([value], log, (i) => i + 1);
  }
  return fromColumns(lists, log);
}

/** A table of one JSON object per line; other lines are skipped with a warning. */
export function readJsonLines(text: string, log: WarningLog): Grid {
  const objects: object[] = [];
  const lineNumbers: number[] = [];
  text.split(/\r\n?|\n/).forEach((line, i) => {
    if (line.trim() === '') return;
    const value = parse(line);
    if (isObject(value)) {
      objects.push(value);
      lineNumbers.push(i + 1);
    } else log.add(i + 1, 'bad-json-line', 'is not a JSON object');
  });
  if (objects.length === 0 && text.trim() !== '') throw shapeError();
  return fromObjects(objects, log, (i) => lineNumbers[i]!);
}

function shapeError(): DatasetError {
  return new DatasetError(
    'invalid-json',
    'the file must be a JSON list of objects, an object of lists, or one JSON object per line',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without the parser's message: it quotes the file, and the file is private.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromObjects(
  values: readonly unknown[],
  log: WarningLog,
  rowNumber: (i: number) => number,
): Grid {
  const columns = new Set<string>();
  const cells: Map<string, string>[] = [];
  const numbers: number[] = [];
  values.forEach((value, i) => {
    if (!isObject(value)) {
      log.add(rowNumber(i), 'bad-json-line', 'is not a JSON object');
      return;
    }
    const entries = Object.entries(value).map(([key, item]): [string, string] => [key, cell(item)]);
    for (const [key] of entries) columns.add(key);
    cells.push(new Map(entries));
    numbers.push(rowNumber(i));
  });
  if (cells.length === 0 && values.length > 0) throw shapeError();
  const names = [...columns];
  const rows = cells.map((row, i) => {
    if (row.size < names.length) {
      log.add(numbers[i]!, 'ragged', `has ${row.size} of ${names.length} fields`);
    }
    return names.map((name) => row.get(name) ?? '');
  });
  return { columns: names, rows };
}

function fromColumns(lists: readonly [string, readonly unknown[]][], log: WarningLog): Grid {
  const length = Math.max(...lists.map(([, list]) => list.length));
  const rows = Array.from({ length }, (_, i) => {
    const present = lists.filter(([, list]) => i < list.length).length;
    if (present < lists.length)
      log.add(i + 1, 'ragged', `has ${present} of ${lists.length} fields`);
    return lists.map(([, list]) => cell(list[i]));
  });
  return { columns: lists.map(([name]) => name), rows };
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
