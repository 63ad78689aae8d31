import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from './error.ts';
import { guessColumns } from './guess-columns.ts';
import { pickRows } from './pick-rows.ts';
import { readTable } from './read-table.ts';

const read = (text: string, fileName = 'f.csv') =>
  readTable(new TextEncoder().encode(text), fileName);
const kinds = (text: string, fileName?: string) =>
  read(text, fileName).warnings.map(({ row, kind }) => `${row} ${kind}`);

function refusal(action: () => unknown): DatasetError {
  try {
    action();
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('csv and tsv', () => {
  it('keeps line breaks, delimiters and doubled quotes inside quotes', () => {
    expect(read('text,label\r\n"a, ""b""\r\nc",x\r\nd,y\r\n')).toMatchObject({
      columns: ['text', 'label'],
      rows: [
        ['a, "b"\nc', 'x'],
        ['d', 'y'],
      ],
      encoding: 'utf-8',
      warnings: [],
    });
  });

  it.each([';', '\t', '|'])('guesses the delimiter "%s"', (delimiter) => {
    const text = ['text,label', 'a,x', 'b,y'].join('\n').replaceAll(',', delimiter);
    expect(read(text).rows).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
  });

  it('takes the given delimiter, and a tab for tsv whatever commas there are', () => {
    const bytes = new TextEncoder().encode('a;b,c\n1;2,3\n');
    expect(readTable(bytes, 'f.csv', { delimiter: ';' }).columns).toEqual(['a', 'b,c']);
    expect(read('a,b\tc\n1,2\t3\n', 'F.TSV').rows).toEqual([['1,2', '3']]);
  });

  it('mends short and long rows and says which', () => {
    const table = read('text,label\na,x\nb\nc,y,z\n');
    expect(table.rows).toEqual([
      ['a', 'x'],
      ['b', ''],
      ['c', 'y'],
    ]);
    expect(table.warnings).toEqual([
      { row: 2, kind: 'ragged', detail: 'has 1 cells, the header 2' },
      { row: 3, kind: 'ragged', detail: 'has 3 cells, the header 2' },
    ]);
  });

  it('names empty headers by their place and numbers doubled ones', () => {
    const table = read('text,label,,label, text \na,b,c,d,e\n');
    expect(table.columns).toEqual(['text', 'label', 'column 3', 'label (2)', 'text (2)']);
    expect(table.warnings.map(({ kind }) => kind)).toEqual([
      'empty-header',
      'duplicate-header',
      'duplicate-header',
    ]);
  });

  it('drops a mark, blank lines and mixed line ends', () => {
    expect(read('\ufefftext,label\r\n\r\na,x\n,\nb,y\rc,z').rows).toEqual([
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'z'],
    ]);
  });

  it('warns of a quote that is never closed', () => {
    expect(kinds('text,label\n"a,x\nb,y\n')).toContain('1 unbalanced-quotes');
  });

  it('keeps a hundred warnings and counts all', () => {
    const table = read(`a,b\n${'x\n'.repeat(150)}`);
    expect(table.warnings).toHaveLength(100);
    expect(table.warningCount).toBe(150);
  });

  it('gives back any cells that were written with quotes', () => {
    const cell = fc.string(); // printable ASCII;
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const lines = rows.map((row) => row.map(quote).join(','));
        const kept = rows.filter((row) => row.some((text) => text.trim() !== ''));
        fc.pre(kept.length > 0);
        expect(read(`one,two\n${lines.join('\n')}\n`).rows).toEqual(kept);
      }),
    );
  });
});

describe('json', () => {
  const expected = [
    ['a', '1'],
    ['', 'true'],
    ['[1,2]', ''],
  ];

  it('reads a list of objects: missing fields and null are empty, other values JSON', () => {
    const text = '[{"text":"a","n":1},{"text":null,"n":true},{"text":[1,2]}]';
    expect(read(text, 'f.json')).toMatchObject({ columns: ['text', 'n'], rows: expected });
    expect(kinds(text, 'f.json')).toEqual(['3 ragged']);
  });

  it('reads an object of lists', () => {
    const table = read('{"text":["a",null,[1,2]],"n":[1,true]}', 'f.json');
    expect(table).toMatchObject({ columns: ['text', 'n'], rows: expected });
    expect(table.warnings).toMatchObject([{ row: 3, kind: 'ragged' }]);
  });

  it('reads a list of objects inside an object', () => {
    expect(read('{"data":[{"text":"a"}],"version":1}', 'f.json').columns).toEqual(['text']);
  });

  it('reads JSON lines under either name and skips bad lines by number', () => {
    const text = '{"text":"a","n":1}\n\nnot json\n[1]\n{"text":"b","n":2}\n';
    for (const name of ['f.jsonl', 'f.ndjson', 'f.json']) {
      expect(read(text, name).rows).toEqual([
        ['a', '1'],
        ['b', '2'],
      ]);
      expect(kinds(text, name)).toEqual(['3 bad-json-line', '4 bad-json-line']);
    }
  });

  it('keeps keys such as __proto__ as columns', () => {
    expect(read('[{"__proto__":"a","constructor":"b"}]', 'f.json')).toMatchObject({
      columns: ['__proto__', 'constructor'],
      rows: [['a', 'b']],
    });
  });

  it.each(['{"a":', '7', '"text"', '[1,2]', 'private words'])(
    'refuses %s without quoting the file',
    (text) => {
      const error = refusal(() => read(text, 'f.json'));
      expect(error.kind).toBe('invalid-json');
      expect(error.message).not.toContain('private');
    },
  );
});

describe('readTable', () => {
  it('reads txt as one row per line that is not blank', () => {
    expect(read('first line\r\n\r\n  second, line\n', 'f.txt')).toMatchObject({
      columns: ['text'],
      rows: [['first line'], ['  second, line']],
    });
  });

  it('reports the encoding it found', () => {
    const bytes = Uint8Array.from('text,label\ncafé,x\n', (character) => character.charCodeAt(0));
    expect(readTable(bytes, 'f.csv')).toMatchObject({ encoding: 'latin1', rows: [['café', 'x']] });
  });

  it.each([
    ['', 'f.csv', 'empty', 'f.csv: the file is empty'],
    ['\n\n', 'f.csv', 'empty', 'f.csv: the file is empty'],
    ['text,label\n', 'f.csv', 'no-rows', 'f.csv: there is a header (text, label) and no row'],
    ['[]', 'f.json', 'empty', 'f.json: the file is empty'],
    ['\n \n', 'f.txt', 'no-rows', 'f.txt: there is a header (text) and no row'],
    ['\n', 'f.jsonl', 'empty', 'f.jsonl: the file is empty'],
    ['a', 'f.docx', 'format', 'f.docx: only csv, tsv, json, jsonl, ndjson, txt files can be read'],
    ['a', 'toString', 'format', /only csv/],
    ['a', 'f.constructor', 'format', /only csv/],
    ['a\0b\0\0', 'f.csv', 'binary', /f.csv: the file is not text/],
  ])('refuses %j as %s with %s', (text, fileName, kind, message) => {
    const error = refusal(() => read(text, fileName));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(message);
  });

  it('refuses a file above the given size', () => {
    const error = refusal(() => readTable(new Uint8Array(11), 'f.csv', { maximumBytes: 10 }));
    expect(error.kind).toBe('too-large');
    expect(error.message).toBe('f.csv: has 11 bytes, at most 10 can be read');
  });

  it('throws nothing but DatasetError on any bytes under any name', () => {
    const names = fc.constantFrom('f.csv', 'f.tsv', 'f.json', 'f.jsonl', 'f.txt');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), names, (bytes, fileName) => {
        try {
          const { columns, rows } = readTable(bytes, fileName);
          return rows.every((row) => row.length === columns.length);
        } catch (error) {
          return error instanceof DatasetError;
        }
      }),
    );
  });
});

describe('pickRows', () => {
  const table = read('id,text,label\n1, hello ,x\n2,,y\n3,there,\n4,,\n');

  it('takes the two columns, trims them and counts what is blank', () => {
    expect(pickRows(table, { input: 'text', output: 'label' })).toEqual({
      rows: [{ input: 'hello', output: 'x' }],
      dropped: { emptyInput: 2, emptyOutput: 1 },
    });
  });

  it('names a missing column and lists those there are', () => {
    const error = refusal(() => pickRows(table, { input: 'text', output: 'lable' }));
    expect(error.kind).toBe('missing-column');
    expect(error.message).toBe('column "lable" is not in the file, which has: id, text, label');
    expect(error.details).toEqual({ column: 'lable', columns: ['id', 'text', 'label'] });
  });

  it('stays short where the file is no table and its header is endless', () => {
    const columns = ['x'.repeat(100_000), ...Array.from({ length: 5_000 }, (_, i) => `c${i}`)];
    const pick = (): unknown => pickRows({ columns, rows: [] }, { input: 'text', output: 'label' });
    expect(pick).toThrow(/has: x{60}…, c0, .* and 4961 more$/);
  });
});

describe('guessColumns', () => {
  it('goes by names in English and Japanese', () => {
    expect(guessColumns({ columns: ['id', 'Category', 'Text'], rows: [] })).toEqual({
      input: 'Text',
      output: 'Category',
    });
    expect(guessColumns({ columns: ['番号', '問い合わせ内容', '部署'], rows: [] })).toEqual({
      input: '問い合わせ内容',
      output: '部署',
    });
  });

  it('else takes the column that repeats as the label and the longest as the text', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [
      `${i}`,
      `a longer remark ${i}`,
      i % 2 ? 'p' : 'q',
    ]);
    expect(guessColumns({ columns: ['u', 'v', 'w'], rows })).toEqual({ input: 'v', output: 'w' });
  });

  it('finds no output in a plain text', () => {
    expect(guessColumns(read('one\ntwo\nthree\n', 'f.txt'))).toEqual({
      input: 'text',
      output: null,
    });
  });
});

const data =
  process.env['REFERENCE_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const datasets = join(data, 'datasets');

describe.skipIf(!existsSync(datasets))('real files (need REFERENCE_DATA_DIR)', () => {
  const real = (path: string) =>
    readTable(new Uint8Array(readFileSync(join(datasets, path))), path);

  it('reads banking77, 77 categories, and guesses its columns', () => {
    const table = real('banking77/train.csv');
    expect(table.warningCount).toBe(0);
    const choice = guessColumns(table);
    expect(choice).toEqual({ input: 'text', output: 'category' });
    const { rows } = pickRows(table, { input: 'text', output: 'category' });
    expect(new Set(rows.map(({ output }) => output)).size).toBe(77);
  });

  it('reads gsm8k and the JSON lines that jglue calls .json', () => {
    expect(real('gsm8k/train.jsonl').columns).toEqual(['question', 'answer']);
    expect(real('jglue/jcommonsenseqa-train.json').columns).toContain('choice4');
  });

  it('reads a SNIPS file as rows of one column', () => {
    expect(real('snips/train_RateBook.json').columns).toEqual(['data']);
  });
});
