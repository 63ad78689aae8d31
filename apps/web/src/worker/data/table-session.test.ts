import type { TaskSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { TableSession } from './table-session.ts';

const task: TaskSettings = {
  kind: 'classification',
  template: '{text}\n→ {label}',
  labels: ['billing', 'repair'],
  maxTokens: 64,
};
const table = {
  columns: ['id', 'text', 'label'],
  rows: [
    ['1', 'charged twice', 'billing'],
    ['2', 'screen is dark', 'Repair'],
    ['3', 'hello', 'greeting'],
    ['4', '  ', 'billing'],
    ['5', 'again charged', 'billing'],
  ],
};
const open = () => new TableSession(task, table, { input: 'text', output: 'label' });

describe('TableSession', () => {
  it('counts usable rows and says why the others are not', () => {
    // Rows 1, 2 (another case of a known label) and 5 are usable, 3 is unknown, 4 is empty.
    expect(open().counts()).toMatchObject({
      rowCount: 5,
      usable: 3,
      skipped: { empty: 1, unknownLabel: 1, redacted: 0 },
    });
  });

  it('maps a label by hand and takes the mapping back', () => {
    const session = open();
    session.mapLabel('greeting', 'billing');
    expect(session.examples().map((row) => row.output)).toEqual([
      'billing',
      'repair',
      'billing',
      'billing',
    ]);
    session.mapLabel('greeting', null);
    expect(session.counts().skipped.unknownLabel).toBe(1);
  });

  it('leaves out a redacted row and takes it in again', () => {
    const session = open();
    session.redact(0, true);
    expect(session.counts()).toMatchObject({ usable: 2, skipped: { redacted: 1 } });
    expect(session.preview(0, 1)[0]).toMatchObject({ row: 0, isRedacted: true });
    session.redact(0, false);
    expect(session.counts().usable).toBe(3);
  });

  it('forgets a mapping that belonged to another column', () => {
    const session = open();
    session.mapLabel('greeting', 'billing');
    session.chooseColumns('text', 'id');
    session.chooseColumns('text', 'label');
    expect(session.counts().usable).toBe(3);
  });

  it('names a column that does not exist', () => {
    expect(() => {
      open().chooseColumns('text', 'topic');
    }).toThrow(/id, text, label, got topic/);
  });

  it('takes any answer in a generation task, but no empty one', () => {
    const generation: TaskSettings = {
      kind: 'generation',
      template: '{prompt}\n{response}',
      maxTokens: 64,
    };
    const session = new TableSession(generation, table, { input: 'text', output: 'label' });
    expect(session.counts()).toMatchObject({ usable: 4, labels: [] });
  });

  it('shows rows in windows that end with the table', () => {
    expect(open().preview(3, 10).map((row) => row.row)).toEqual([3, 4]);
    expect(open().preview(9, 10)).toEqual([]);
  });

  it('uses the first two columns where nothing can be guessed', () => {
    const session = new TableSession(task, table, { input: null, output: null });
    expect([session.input, session.output]).toEqual(['id', 'text']);
  });
});
