import type { ColumnChoice } from './pick-rows.ts';
import type { Table } from './table.ts';

const inputNames =
  /^(text|utterance|sentence|question|prompt|input|instruction|message|body|inquiry|query|description|content|本文|文章|テキスト|内容|質問|問い?合わ?せ(内容)?|入力)$/i;
const outputNames =
  /^(label|category|class|intent|department|topic|target|output|answer|response|completion|reply|tag|ラベル|カテゴリー?|分類|部署|担当部署|種別|回答|返信|出力)$/i;
const ROWS_LOOKED_AT = 500;
const MAXIMUM_LABELS = 200;

/** The likely input and output columns, by name, else by content; null where a table has no such column. */
export function guessColumns(table: Pick<Table, 'columns' | 'rows'>): {
  [Key in keyof ColumnChoice]: string | null;
} {
  const named = (pattern: RegExp) => table.columns.find((column) => pattern.test(column.trim()));
  const namedInput = named(inputNames);
  const output = named(outputNames) ?? labelColumn(table, namedInput);
  return { input: namedInput ?? longestColumn(table, output), output };
}

function cellsOf(table: Pick<Table, 'rows'>, column: number): string[] {
  return table.rows.slice(0, ROWS_LOOKED_AT).map((row) => row[column] ?? '');
}

// Labels repeat: the column with the fewest distinct values, at least two and at most one per two rows.
function labelColumn(table: Pick<Table, 'columns' | 'rows'>, input?: string): string | null {
  let best: string | null = null;
  let fewest = MAXIMUM_LABELS + 1;
  table.columns.forEach((name, column) => {
    const cells = cellsOf(table, column);
    const distinct = new Set(cells.filter((cell) => cell !== '')).size;
    const repeats = distinct >= 2 && distinct * 2 <= cells.length;
    if (name !== input && repeats && distinct < fewest) {
      best = name;
      fewest = distinct;
    }
  });
  return best;
}

function longestColumn(
  table: Pick<Table, 'columns' | 'rows'>,
  output: string | null,
): string | null {
  let best: string | null = null;
  let longest = 0;
  table.columns.forEach((name, column) => {
    const length = cellsOf(table, column).reduce((sum, cell) => sum + cell.length, 0);
    if (name !== output && length > longest) {
      best = name;
      longest = length;
    }
  });
  return best;
}
