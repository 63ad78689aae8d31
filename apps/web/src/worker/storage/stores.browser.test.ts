// The package's testing index also exports a Node clock, which no browser can load.
import { participantStoreContract } from '../../../../../packages/participant/src/testing/participant-store-contract.ts';
import { ledgerStoreContract } from '@roundtable/privacy/testing';
import { deleteDB } from 'idb';
import { describe, expect, it } from 'vitest';
import type { RoundtableDatabase } from './database.ts';
import { openDatabase } from './database.ts';
import { indexedLedgerStore } from './ledger-store.ts';
import { changeMembership, loadMembership } from './memberships.ts';
import { indexedParticipantStore } from './participant-store.ts';

const name = 'roundtable-test';
let opened: RoundtableDatabase[] = [];

async function open(): Promise<RoundtableDatabase> {
  const database = await openDatabase(name);
  opened.push(database);
  return database;
}

async function reset(): Promise<void> {
  for (const database of opened) database.close();
  opened = [];
  await deleteDB(name);
}

ledgerStoreContract('in IndexedDB', async () => indexedLedgerStore(await open()), reset);
participantStoreContract('in IndexedDB', async () => indexedParticipantStore(await open()), reset);

describe('a membership in IndexedDB', () => {
  it('is empty before the first change and loses none of two changes at once', async () => {
    await reset();
    const database = await open();
    expect((await loadMembership(database, 'federation1')).consentVersion).toBeNull();
    await Promise.all([
      changeMembership(database, 'federation1', (m) => ({ ...m, sentBytes: m.sentBytes + 3 })),
      changeMembership(database, 'federation1', (m) => ({ ...m, sentBytes: m.sentBytes + 4 })),
    ]);
    expect((await loadMembership(database, 'federation1')).sentBytes).toBe(7);
  });
});
