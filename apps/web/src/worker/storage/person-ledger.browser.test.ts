import {
  BudgetExceeded,
  BudgetLedger,
  exactGaussianEpsilon,
  identifyRows,
} from '@roundtable/privacy';
import type { BudgetSettings, PrivacyEvent } from '@roundtable/privacy';
import { verifySignature } from '@roundtable/receipts';
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import type { RoundtableDatabase } from './database.ts';
import { openDatabase } from './database.ts';
import { deviceMac, deviceSigner } from './device-keys.ts';
import { indexedFingerprintStore } from './fingerprint-store.ts';
import { indexedLedgerStore } from './ledger-store.ts';

const name = 'roundtable-person-test';
let opened: RoundtableDatabase[] = [];

async function tab(): Promise<RoundtableDatabase> {
  const database = await openDatabase(name);
  opened.push(database);
  return database;
}

afterEach(async () => {
  for (const database of opened) database.close();
  opened = [];
  await deleteDB(name);
});

const event: PrivacyEvent = {
  kind: 'gaussian',
  samplingRate: 1,
  noiseMultiplier: 5,
  count: 1,
  round: 0,
};
// The budget of exactly one such release.
const epsilonBudget = exactGaussianEpsilon(5, 1, 1e-5);
const settings: BudgetSettings = {
  hubId: 'hub',
  federationId: 'fed',
  epsilonBudget,
  delta: 1e-5,
  totalEpsilonCap: epsilonBudget,
  totalDelta: 1e-5,
  hubSpending: { hubPublicKey: 'hub', accountId: 'ann', federations: [] },
  dataSetId: null,
  overlappingDataSetIds: [],
  isGenerated: false,
};
const ledgerIn = (database: RoundtableDatabase, change: Partial<BudgetSettings> = {}) =>
  new BudgetLedger(indexedLedgerStore(database), { ...settings, ...change });

describe('two tabs of one browser', () => {
  it('get the last affordable round once between them, however often they race for it', async () => {
    const tabs = [await tab(), await tab()];
    for (let race = 0; race < 25; race += 1) {
      const person = { ...settings.hubSpending!, accountId: `person-${String(race)}` };
      // Rows of her own: nothing that the others booked counts.
      const change = { hubSpending: person, dataSetId: `set-${String(race)}` };
      const ledgers = tabs.map((database) => ledgerIn(database, change));
      // Both have looked, and both could afford it.
      const looks = await Promise.all(ledgers.map((ledger) => ledger.canAfford([event])));
      expect(looks).toEqual([true, true]);
      const results = await Promise.allSettled(
        ledgers.map((ledger, i) => ledger.book(i + 1, [event])),
      );
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const lost = results.find((result) => result.status === 'rejected');
      expect(lost?.reason).toBeInstanceOf(BudgetExceeded);
      expect((await ledgers[race % 2]!.spent()).federation).toBeCloseTo(epsilonBudget, 12);
    }
  });

  it('cannot spend in two federations at once what the person has once', async () => {
    const tabs = [await tab(), await tab()];
    const results = await Promise.allSettled(
      tabs.map((database, i) =>
        ledgerIn(database, { federationId: `fed-${String(i)}` }).book(1, [event]),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

/** The database as the first version of the page left it. */
async function leaveVersion1(): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade: (old) => {
      old.createObjectStore('ledger', { autoIncrement: true }).createIndex('key', 'key');
      for (const store of ['pending', 'receipts', 'sent', 'memberships', 'data', 'verified']) {
        old.createObjectStore(store);
      }
    },
  });
  const events = [{ ...event, round: 4 }];
  await database.add('ledger', { key: 'fed', entry: { kind: 'booking', round: 4, events } });
  await database.add('ledger', {
    key: 'fed',
    entry: { kind: 'outcome', round: 4, outcome: 'abandoned' },
  });
  await database.put('pending', { round: 4, frame: Uint8Array.of(1) }, 'fed');
  await database.put('receipts', { federationId: 'fed', round: 4 }, ['fed', 4]);
  await database.put('memberships', { consentVersion: 'v' }, 'fed');
  database.close();
}

describe('a database of the first version', () => {
  it('keeps what was spent, for whatever account and hub asks, and drops what proves nothing', async () => {
    await leaveVersion1();
    const database = await tab();
    const ledger = ledgerIn(database, { epsilonBudget: 100, totalEpsilonCap: 100 });
    expect((await ledger.spent()).federation).toBeCloseTo(epsilonBudget, 12);
    expect((await ledger.spent()).total).toBeCloseTo(epsilonBudget, 12);
    expect(await ledger.rounds()).toEqual(new Map([[4, 'abandoned']]));
    expect(await ledgerIn(database).canAfford([event])).toBe(false);
    expect(await database.count('pending')).toBe(0);
    expect(await database.count('receipts')).toBe(0);
    expect(await database.get('memberships', 'fed')).toMatchObject({ consentVersion: 'v' });
  });

  it("counts a round of the hub's record once with the line that was migrated", async () => {
    await leaveVersion1();
    const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 5 } as const;
    const record = { federationId: 'fed', release, releasesPerRound: 1, openingRounds: 0 };
    const hubSpending = {
      hubPublicKey: 'hub',
      accountId: 'ann',
      federations: [{ ...record, rounds: [[4, 4] as const] }],
    };
    const spent = await ledgerIn(await tab(), { hubSpending }).spent();
    expect(spent).toMatchObject({ hubRounds: 0 });
    expect(spent.federation).toBeCloseTo(epsilonBudget, 12);
  });
});

describe('a hub that comes back with another key at the same address', () => {
  it('finds the same budget, whose rows were spent before', async () => {
    const rows = { dataSetId: 'set-1' };
    await ledgerIn(await tab(), rows).book(1, [event]);
    const hubSpending = { hubPublicKey: 'new-key', accountId: 'ann-again', federations: [] };
    const renewed = { ...rows, hubId: 'new-key', federationId: 'fed-2', hubSpending };
    const ledger = ledgerIn(await tab(), renewed);
    expect(await ledger.limitFor([event])).toBe('total');
  });
});

describe('the keys of a device', () => {
  it('are made once, even by two tabs at once, and are there after a restart', async () => {
    const [one, other] = [await tab(), await tab()];
    const [first, second] = await Promise.all([deviceSigner(one), deviceSigner(other)]);
    expect(second.publicKey).toBe(first.publicKey);
    one.close();
    const message = new TextEncoder().encode('receipt');
    const later = await deviceSigner(await tab());
    expect(later.publicKey).toBe(first.publicKey);
    const signature = await later.sign(message);
    expect(await verifySignature(first.publicKey, message, signature)).toBe(true);
  });

  it('cannot be read, by this page either', async () => {
    const database = await tab();
    await deviceSigner(database);
    await deviceMac(database);
    const pair = (await database.get('keys', 'signing')) as CryptoKeyPair;
    const secret = (await database.get('keys', 'fingerprints')) as CryptoKey;
    await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow();
    await expect(crypto.subtle.exportKey('raw', secret)).rejects.toThrow();
  });
});

describe('fingerprints in IndexedDB', () => {
  it('find the rows of an earlier import again, and nothing on another device', async () => {
    const first = await identifyRows(
      ['Refund please', 'hello'],
      indexedFingerprintStore(await tab()),
    );
    const again = await identifyRows(
      ['a new one', ' REFUND  please'],
      indexedFingerprintStore(await tab()),
    );
    expect(again.overlappingDataSetIds).toEqual([first.dataSetId]);
    for (const database of opened) database.close();
    await deleteDB(name);
    const elsewhere = await identifyRows(['hello'], indexedFingerprintStore(await tab()));
    expect(elsewhere.overlappingDataSetIds).toEqual([]);
    expect(elsewhere.dataSetId).not.toBe(first.dataSetId);
  });
});
