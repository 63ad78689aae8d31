import { describe, expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { peopleAcceptance } from './people-acceptance.ts';
import {
  digest,
  exampleClient,
  exampleFederation,
  exampleInvite,
  exampleRound,
  exampleSession,
} from './example-rows.ts';

/** What every `Store` must do. `open` gives a new, empty store. */
export function storeAcceptance(name: string, open: () => Store): void {
  const withStore = (check: (store: Store) => void) => (): void => {
    const store = open();
    try {
      check(store);
    } finally {
      store.close();
    }
  };
  const update = (round: number, clientId: string) => ({
    federationId: 'federation-1',
    round,
    clientId,
    sha256: digest('5'),
    sizeBytes: 9,
    norm: 1.5,
    sampleCount: 0,
    acceptedAtMs: 7,
  });

  describe(`${name}: federations, rounds and updates`, () => {
    it(
      'gives back a federation as it was put, oldest first in a list',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-2', 2_000));
        store.federations.insert(exampleFederation('federation-1', 1_000));
        expect(store.federations.find('federation-1')).toEqual(exampleFederation('federation-1'));
        expect(store.federations.list().map((row) => row.federationId)).toEqual([
          'federation-1',
          'federation-2',
        ]);
        expect(store.federations.find('absent')).toBeNull();
      }),
    );
    it(
      'keeps a change of a federation and refuses one of an absent federation',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.federations.update({ ...exampleFederation('federation-1'), machine: '{"a":1}' });
        expect(store.federations.find('federation-1')?.machine).toBe('{"a":1}');
        expect(() => {
          store.federations.update(exampleFederation('absent'));
        }).toThrow(/absent/);
      }),
    );
    it(
      'replaces a round of the same number and lists rounds rising',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.rounds.put(exampleRound('federation-1', 10));
        store.rounds.put(exampleRound('federation-1', 2));
        const changed = exampleRound('federation-1', 2);
        changed.record.accepted = 3;
        store.rounds.put(changed);
        expect(store.rounds.list('federation-1').map((row) => row.record.round)).toEqual([2, 10]);
        expect(store.rounds.find('federation-1', 2)?.record.accepted).toBe(3);
      }),
    );
    it(
      'knows which federations published a file, also where they share it',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.federations.insert(exampleFederation('federation-2'));
        const round = exampleRound('federation-2', 1);
        const adapter = { sha256: digest('7'), sizeBytes: 9, encoding: 'fp16', round: 1 } as const;
        store.rounds.put({ ...round, weightsSha256: digest('8') });
        expect(store.federations.publishersOf(digest('7'))).toEqual([]);
        store.rounds.put({ ...round, record: { ...round.record, adapter } });
        expect(store.federations.publishersOf(digest('7'))).toEqual(['federation-2']);
        const both = store.federations.publishersOf(digest('3')).sort();
        expect(both).toEqual(['federation-1', 'federation-2']);
        // Weights, evaluation rows and frames are published by nobody.
        expect(store.federations.publishersOf(digest('4'))).toEqual([]);
        expect(store.federations.publishersOf(digest('8'))).toEqual([]);
        store.federations.delete('federation-2');
        expect(store.federations.publishersOf(digest('7'))).toEqual([]);
      }),
    );
    it(
      'refuses a second update of one client in one round',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.updates.insert(update(1, 'client-1'));
        expect(() => {
          store.updates.insert(update(1, 'client-1'));
        }).toThrow();
        store.updates.insert(update(2, 'client-1'));
        store.updates.insert(update(1, 'client-0'));
        expect(store.updates.listOfRound('federation-1', 1).map((row) => row.clientId)).toEqual([
          'client-0',
          'client-1',
        ]);
        expect(store.updates.roundsOfClient('federation-1', 'client-1')).toEqual([1, 2]);
        expect(store.updates.find('federation-1', 1, 'client-1')).toEqual(update(1, 'client-1'));
      }),
    );
    it(
      'forgets with a federation all that belongs to it, and nothing else',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.federations.insert(exampleFederation('federation-2'));
        store.clients.put(exampleClient('federation-1', 'client-1'));
        store.clients.put(exampleClient('federation-2', 'client-2'));
        store.rounds.put(exampleRound('federation-1', 1));
        store.updates.insert(update(1, 'client-1'));
        store.invites.insert(exampleInvite(null));
        store.sessions.insert(exampleSession('c', 'client-1'));
        store.sessions.insert(exampleSession('d', null));
        store.federations.delete('federation-1');
        expect(store.clients.list('federation-1')).toEqual([]);
        expect(store.rounds.list('federation-1')).toEqual([]);
        expect(store.updates.listOfRound('federation-1', 1)).toEqual([]);
        expect(store.invites.find(digest('a'))).toBeNull();
        expect(store.sessions.find(digest('c'))).toBeNull();
        expect(store.sessions.find(digest('d'))).not.toBeNull();
        expect(store.clients.list('federation-2')).toHaveLength(1);
      }),
    );
  });

  describe(`${name}: transactions`, () => {
    it(
      'undoes everything when the work throws, also from a nested transaction',
      withStore((store) => {
        expect(() =>
          store.transaction(() => {
            store.federations.insert(exampleFederation('federation-1'));
            store.transaction(() => {
              store.values.set('name', 'value');
            });
            throw new Error('cut');
          }),
        ).toThrow('cut');
        expect(store.federations.list()).toEqual([]);
        expect(store.values.get('name')).toBeNull();
        store.values.set('name', 'again');
        expect(store.values.get('name')).toBe('again');
      }),
    );
    it(
      'returns what the work returns',
      withStore((store) => {
        expect(store.transaction(() => 42)).toBe(42);
      }),
    );
  });

  describe(`${name}: accounts`, () => {
    it(
      'lets a sign-in token be used once and not after its end',
      withStore((store) => {
        store.signInTokens.insert(digest('e'), 100);
        store.signInTokens.insert(digest('f'), 100);
        expect(store.signInTokens.use(digest('e'), 99)).toBe('fresh');
        expect(store.signInTokens.use(digest('e'), 99)).toBe('used');
        expect(store.signInTokens.use(digest('f'), 100)).toBe('expired');
        expect(store.signInTokens.use(digest('0'), 1)).toBe('unknown');
      }),
    );
    it(
      'counts the uses of an invite up to its limit and none after revoking it',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.invites.insert(exampleInvite(2));
        store.invites.insert(exampleInvite(null));
        expect([1, 2, 3].map(() => store.invites.use('invite-2'))).toEqual([true, true, false]);
        expect(store.invites.find(digest('b'))?.uses).toBe(2);
        expect(store.invites.use('invite-any')).toBe(true);
        store.invites.revoke('invite-any');
        expect(store.invites.use('invite-any')).toBe(false);
        expect(store.invites.list('federation-1').map((row) => row.isRevoked)).toEqual([
          false,
          true,
        ]);
      }),
    );
    it(
      'deletes sessions by token, by client and by age',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        store.sessions.insert(exampleSession('a', 'client-1'));
        store.sessions.insert(exampleSession('b', 'client-2'));
        store.sessions.insert(exampleSession('c', null));
        expect(store.sessions.find(digest('a'))).toEqual(exampleSession('a', 'client-1'));
        store.sessions.deleteOfClient('federation-1', 'client-1');
        expect(store.sessions.find(digest('a'))).toBeNull();
        store.sessions.delete(digest('b'));
        expect(store.sessions.find(digest('b'))).toBeNull();
        store.sessions.deleteExpired(49);
        expect(store.sessions.find(digest('c'))).not.toBeNull();
        store.sessions.deleteExpired(50);
        expect(store.sessions.find(digest('c'))).toBeNull();
      }),
    );
  });

  describe(`${name}: records`, () => {
    it(
      'adds up counters by federation, name and label',
      withStore((store) => {
        store.counters.add('', 'refusals', 'malformed', 1);
        store.counters.add('', 'refusals', 'malformed', 2);
        store.counters.add('federation-1', 'refusals', 'malformed', 1);
        expect(store.counters.list()).toEqual([
          { federationId: '', name: 'refusals', label: 'malformed', total: 3 },
          { federationId: 'federation-1', name: 'refusals', label: 'malformed', total: 1 },
        ]);
        expect(() => {
          store.counters.add('', 'refusals', 'malformed', -1);
        }).toThrow(/amount/);
      }),
    );
    it(
      'keeps the audit log in order and filters it by federation',
      withStore((store) => {
        for (const federationId of [null, 'federation-1', null]) {
          store.audit.append({
            atMs: 3,
            actor: 'admin',
            action: 'federation:create',
            federationId,
            detail: '',
          });
        }
        expect(store.audit.list(null).map((row) => row.federationId)).toEqual([
          null,
          'federation-1',
          null,
        ]);
        expect(store.audit.list('federation-1')).toHaveLength(1);
      }),
    );
    it(
      'gives back the newest 200 alerts, oldest first',
      withStore((store) => {
        store.federations.insert(exampleFederation('federation-1'));
        for (let atMs = 0; atMs < 205; atMs += 1) {
          store.alerts.append({
            kind: 'low-quorum',
            federationId: 'federation-1',
            round: null,
            atMs,
            detail: '',
          });
        }
        const alerts = store.alerts.list('federation-1');
        expect(alerts).toHaveLength(200);
        expect(alerts[0]?.atMs).toBe(5);
      }),
    );
    it(
      'replaces values and base models of the same name',
      withStore((store) => {
        store.values.set('a', '1');
        store.values.set('a', '2');
        expect(store.values.get('a')).toBe('2');
        store.baseModels.put({ baseModelId: 'm', folder: '/a', addedAtMs: 1 });
        store.baseModels.put({ baseModelId: 'm', folder: '/b', addedAtMs: 2 });
        expect(store.baseModels.list()).toEqual([{ baseModelId: 'm', folder: '/b', addedAtMs: 2 }]);
      }),
    );
  });
  peopleAcceptance(name, open);
}
