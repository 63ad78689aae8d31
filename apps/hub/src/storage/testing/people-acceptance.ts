import { describe, expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { exampleClient, exampleFederation, exampleReceipt } from './example-rows.ts';

const FEDERATION = 'federation-1';
const plan = {
  release: { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 },
  releasesPerRound: 2,
} as const;

/** What every `Store` must do with people, their devices, spending, receipts and consents. */
export function peopleAcceptance(name: string, open: () => Store): void {
  const withStore = (check: (store: Store) => void) => (): void => {
    const store = open();
    try {
      store.federations.insert(exampleFederation(FEDERATION));
      check(store);
    } finally {
      store.close();
    }
  };
  const account = (accountId: string, personName: string | null) => ({
    accountId,
    personName,
    createdAtMs: 1,
  });
  const consent = (accountId: string, action: 'given' | 'withdrawn', atMs: number) => ({
    ...{ federationId: FEDERATION, atMs, accountId, displayName: 'Aiko', action },
    consentVersion: '0'.repeat(64),
  });

  describe(`${name}: people`, () => {
    it(
      'finds a person by her name but for case, width and spaces, and knows each name once',
      withStore(({ accounts }) => {
        accounts.insert(account('account-1', 'Aiko  SATO'));
        accounts.insert(account('account-2', null));
        accounts.insert(account('account-3', null));
        expect(accounts.findByName(' aiko ｓａｔｏ')).toEqual(account('account-1', 'Aiko  SATO'));
        expect(accounts.findByName('Aiko')).toBeNull();
        expect(accounts.find('account-2')?.personName).toBeNull();
        expect(() => {
          accounts.insert(account('account-4', 'AIKO sato'));
        }).toThrow();
      }),
    );
    it(
      'has one client of an account in a federation',
      withStore(({ clients, federations }) => {
        const client = { ...exampleClient(FEDERATION, 'client-1'), accountId: 'account-1' };
        clients.put(client);
        clients.put({ ...client, isRemoved: true });
        expect(clients.findByAccount(FEDERATION, 'account-1')).toEqual({
          ...client,
          isRemoved: true,
        });
        expect(() => {
          clients.put({ ...client, clientId: 'client-2' });
        }).toThrow();
        federations.insert(exampleFederation('federation-2'));
        clients.put({ ...client, federationId: 'federation-2', clientId: 'client-2' });
        expect(clients.findByAccount('federation-2', 'account-1')?.clientId).toBe('client-2');
      }),
    );
    it(
      'keeps the newest 32 keys of a client and those with receipts',
      withStore(({ deviceKeys, receipts }) => {
        const keys = Array.from({ length: 40 }, (_, i) => String(i).padStart(87, 'K'));
        const receipt = { ...exampleReceipt(FEDERATION, 1, 'client-1'), publicKey: keys[0]! };
        receipts.insert(receipt);
        keys.forEach((key, i) => {
          deviceKeys.add(FEDERATION, 'client-1', key, i);
          deviceKeys.add(FEDERATION, 'client-1', key, i);
        });
        const kept = keys.map((key) => deviceKeys.has(FEDERATION, 'client-1', key));
        expect(kept.map((has, i) => (has ? i : -1)).filter((i) => i >= 0)).toEqual([
          0,
          ...Array.from({ length: 32 }, (_, i) => 8 + i),
        ]);
        expect(deviceKeys.has(FEDERATION, 'client-2', keys[39]!)).toBe(false);
        deviceKeys.announce(FEDERATION, 'client-1', keys[39]!, 5);
        expect(deviceKeys.announcedTo(FEDERATION, 'client-1', 5)).toBe(keys[39]);
        expect(deviceKeys.announcedTo(FEDERATION, 'client-1', 4)).toBeNull();
        deviceKeys.deleteOfClient(FEDERATION, 'client-1');
        expect(deviceKeys.has(FEDERATION, 'client-1', keys[39]!)).toBe(false);
      }),
    );
    it(
      'keeps the consent log in order and knows the last line of an account',
      withStore(({ consents }) => {
        consents.append(consent('account-1', 'given', 1));
        consents.append(consent('account-2', 'given', 2));
        consents.append(consent('account-1', 'withdrawn', 3));
        expect(consents.list(FEDERATION).map(({ atMs }) => atMs)).toEqual([1, 2, 3]);
        expect(consents.list(null)).toEqual(consents.list(FEDERATION));
        expect(consents.list('federation-2')).toEqual([]);
        expect(consents.last(FEDERATION, 'account-1')).toEqual(
          consent('account-1', 'withdrawn', 3),
        );
        expect(consents.last('federation-2', 'account-1')).toBeNull();
        expect(consents.deleteOfFederation(FEDERATION)).toBe(3);
      }),
    );
  });

  describe(`${name}: spending and receipts`, () => {
    it(
      'counts a round of an account once, and the opening on top',
      withStore(({ spending }) => {
        expect(spending.record('account-1', FEDERATION, 3, 1)).toBe(true);
        expect(spending.record('account-1', FEDERATION, 3, 2)).toBe(false);
        spending.record('account-1', FEDERATION, 1, 3);
        spending.record('account-1', 'federation-2', 1, 3);
        spending.open('account-1', FEDERATION, 4);
        spending.open('account-1', FEDERATION, 9);
        expect(spending.spentRounds('account-1', FEDERATION)).toBe(2 + 4);
        expect(spending.spentRounds('account-2', FEDERATION)).toBe(0);
        // Without a plan there is nothing to declare: that federation has no differential privacy.
        spending.putPlan(FEDERATION, plan);
        spending.putPlan(FEDERATION, { ...plan, releasesPerRound: 1 });
        expect(spending.ofAccount('account-1')).toEqual([
          { federationId: FEDERATION, plan, rounds: [1, 3], openingRounds: 4 },
        ]);
      }),
    );
    it(
      'keeps spending when the federation goes, and finds the most that any person spent',
      withStore(({ spending, clients, federations }) => {
        const client = (id: string, isSimulated: boolean) => ({
          ...exampleClient(FEDERATION, id),
          isSimulated,
        });
        for (const row of [client('a', false), client('b', false), client('c', true)]) {
          clients.put(row);
        }
        expect(spending.mostSpentRounds(FEDERATION)).toBe(0);
        for (const round of [1, 2, 3]) spending.record('account-of-c', FEDERATION, round, 1);
        for (const round of [1, 2]) spending.record('account-of-b', FEDERATION, round, 1);
        expect(spending.mostSpentRounds(FEDERATION)).toBe(2);
        spending.open('account-of-a', FEDERATION, 5);
        expect(spending.mostSpentRounds(FEDERATION)).toBe(5);
        federations.delete(FEDERATION);
        expect(spending.spentRounds('account-of-b', FEDERATION)).toBe(2);
      }),
    );
    it(
      'gives back receipts, links them by key, and keeps the hash alone when redacted',
      withStore(({ receipts }) => {
        const [first, second] = [1, 2].map((round) =>
          exampleReceipt(FEDERATION, round, 'client-1'),
        );
        receipts.insert(second!);
        receipts.insert(first!);
        receipts.insert(exampleReceipt(FEDERATION, 9, 'client-0'));
        expect(() => {
          receipts.insert(first!);
        }).toThrow();
        expect(receipts.list(FEDERATION).map(({ clientId, round }) => [clientId, round])).toEqual([
          ['client-0', 9],
          ['client-1', 1],
          ['client-1', 2],
        ]);
        expect(receipts.find(FEDERATION, 1, 'client-1')).toEqual(first);
        const last = () => receipts.lastSha256(FEDERATION, 'client-1', first!.publicKey);
        expect(last()).toBe(second!.receiptSha256);
        expect(receipts.lastSha256(FEDERATION, 'client-1', 'another key')).toBeNull();
        expect(receipts.isKnown(FEDERATION, first!.receiptSha256)).toBe(true);
        receipts.redactOfClient(FEDERATION, 'client-1');
        expect(receipts.find(FEDERATION, 1, 'client-1')).toEqual({ ...first, document: null });
        expect(last()).toBeNull();
        expect(receipts.isKnown(FEDERATION, first!.receiptSha256)).toBe(false);
        expect(receipts.deleteOfFederation(FEDERATION)).toBe(3);
      }),
    );
    it(
      'knows when each federation was last written of in the audit log, and deletes by federation',
      withStore(({ audit }) => {
        const line = (federationId: string | null, atMs: number) => {
          audit.append({ atMs, actor: 'a', action: 'x', federationId, detail: '' });
        };
        line(FEDERATION, 5);
        line(FEDERATION, 7);
        line('gone', 6);
        line(null, 9);
        expect(audit.lastLines()).toEqual([
          { federationId: FEDERATION, atMs: 7 },
          { federationId: 'gone', atMs: 6 },
        ]);
        expect(audit.deleteOfFederation(FEDERATION)).toBe(2);
        expect(audit.list(null)).toHaveLength(2);
      }),
    );
  });
}
