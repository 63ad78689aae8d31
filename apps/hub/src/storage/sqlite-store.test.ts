import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLibsql } from './libsql-database.ts';
import { openStore } from './sqlite-store.ts';
import { exampleFederation } from './testing/example-rows.ts';
import { storeAcceptance } from './testing/store-acceptance.ts';

const folder = mkdtempSync(join(tmpdir(), 'roundtable-store-'));
let files = 0;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const newPath = (): string => join(folder, `${(files += 1)}.sqlite`);

storeAcceptance('store in memory', () => openStore(':memory:'));
storeAcceptance('store in a file', () => openStore(newPath()));

describe('store in a file', () => {
  it('finds everything again after closing and opening', () => {
    const path = newPath();
    const first = openStore(path);
    first.federations.insert(exampleFederation('federation-1'));
    first.close();
    const second = openStore(path);
    expect(second.federations.find('federation-1')).toEqual(exampleFederation('federation-1'));
    second.close();
  });

  it('refuses a file of a newer hub and says so', () => {
    const path = newPath();
    const database = openLibsql(path);
    database.exec('PRAGMA user_version=999');
    database.close();
    expect(() => openStore(path)).toThrow(/layout 999.*newer hub/);
  });

  it('writes ahead and flushes every commit', () => {
    const database = openLibsql(newPath());
    expect(database.prepare('PRAGMA journal_mode').get([])).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get([])).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA foreign_keys').get([])).toEqual({ foreign_keys: 1 });
    database.close();
  });
});
