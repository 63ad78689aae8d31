import { describe, expect, it } from 'vitest';
import { openLibsql } from './libsql-database.ts';
import type { SqlValue } from './sqlite-database.ts';

function withTable() {
  const database = openLibsql(':memory:');
  database.exec('CREATE TABLE t (a)');
  return database;
}

describe('the guard in front of the driver', () => {
  it('stores booleans as 0 and 1, which would otherwise abort the process', () => {
    const database = withTable();
    database.prepare('INSERT INTO t VALUES (?)').run([true]);
    database.prepare('INSERT INTO t VALUES (?)').run([false]);
    expect(database.prepare('SELECT a FROM t').all([])).toEqual([{ a: 1 }, { a: 0 }]);
  });

  it('gives back bytes as Uint8Array from get and from all', () => {
    const database = withTable();
    database.prepare('INSERT INTO t VALUES (?)').run([Buffer.from([1, 2])]);
    expect(database.prepare('SELECT a FROM t').get([])).toEqual({ a: new Uint8Array([1, 2]) });
    expect(database.prepare('SELECT a FROM t').all([])).toEqual([{ a: new Uint8Array([1, 2]) }]);
  });

  it.each([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['an object', {}],
    ['a date', new Date(0)],
    ['an array buffer', new ArrayBuffer(1)],
  ])('refuses %s with a plain error that names the position', (_name, value) => {
    const statement = withTable().prepare('INSERT INTO t VALUES (?)');
    expect(() => statement.run([value as unknown as SqlValue])).toThrow(/parameter 0/);
  });

  it('refuses parameters that are not an array', () => {
    const statement = withTable().prepare('INSERT INTO t VALUES (?)');
    expect(() => statement.run(Buffer.from([1]) as unknown as SqlValue[])).toThrow(/array/);
  });

  it('goes on after an error inside a statement', () => {
    const database = withTable();
    expect(() => database.prepare('SELECT nonsense FROM t')).toThrow();
    database.prepare('INSERT INTO t VALUES (?)').run([1]);
    expect(database.prepare('SELECT count(*) AS n FROM t').get([])).toEqual({ n: 1 });
  });
});
