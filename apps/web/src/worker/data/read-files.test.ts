import { describe, expect, it } from 'vitest';
import { readFiles } from './read-files.ts';

const file = (name: string, text: string) => ({
  name,
  bytes: () => Promise.resolve(new TextEncoder().encode(text)),
});

describe('readFiles', () => {
  it('joins files with the same columns', async () => {
    const table = await readFiles(
      [file('a.csv', 'text,label\nx,1\n'), file('b.csv', 'text,label\ny,2\n')],
      null,
    );
    expect(table.rows).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
  });

  it('keeps the good files where one is bad, and says why', async () => {
    const table = await readFiles(
      [file('empty.csv', ''), file('a.csv', 'text,label\nx,1\n'), file('b.csv', 'q,a\ny,2\n')],
      null,
    );
    expect(table.rows).toEqual([['x', '1']]);
    expect(table.reports.map((report) => report.error?.kind ?? null)).toEqual([
      'empty',
      null,
      'other-columns',
    ]);
  });

  it('counts ragged rows with the first of them', async () => {
    const table = await readFiles([file('a.csv', 'text,label\nx,1\ny\nz,2,3\n')], null);
    expect(table.reports[0]?.warnings).toMatchObject([{ kind: 'ragged', count: 2, firstRow: 2 }]);
  });

  it('reads Shift_JIS where it is told to', async () => {
    // 日本 in Shift_JIS is 93 FA 96 7B.
    const bytes = Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0x93, 0xfa, 0x96, 0x7b, 0x2c, 0x31, 0x0a);
    const named = { name: 'j.csv', bytes: () => Promise.resolve(bytes) };
    expect((await readFiles([named], 'shift_jis')).rows).toEqual([['日本', '1']]);
  });
});
