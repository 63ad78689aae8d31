import type { AccountRow, ClientRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { newId } from './tokens.ts';

/** The account of that person, made where the hub does not know her yet. */
export function personalAccount(
  store: Store,
  personName: string,
  nowMs: number,
): { readonly account: AccountRow; readonly isNew: boolean } {
  const known = store.accounts.findByName(personName);
  if (known !== null) return { account: known, isNew: false };
  const account = { accountId: newId(), personName, createdAtMs: nowMs };
  store.accounts.insert(account);
  return { account, isNew: true };
}

interface Arrival {
  readonly federationId: string;
  readonly displayName: string;
  readonly isSimulated: boolean;
  readonly nowMs: number;
}

/** The client that an invited person is in a federation: the same one whenever and wherever she comes back. */
export function clientOfPerson(store: Store, account: AccountRow, arrival: Arrival): ClientRow {
  const known = store.clients.findByAccount(arrival.federationId, account.accountId);
  if (known !== null) return known;
  const displayName = account.personName ?? arrival.displayName;
  return addClient(store, account.accountId, { ...arrival, displayName, isSimulated: false });
}

/**
 * A new client with an account of its own. Whoever comes by an open link may have been here before, under any
 * account: what the longest-standing of them has spent counts for her from the start. Programs with generated data
 * have nothing to protect; they neither count nor are counted.
 */
export function clientOfOpenLink(store: Store, arrival: Arrival): ClientRow {
  const { federationId, isSimulated, nowMs } = arrival;
  const account = { accountId: newId(), personName: null, createdAtMs: nowMs };
  const openingRounds = isSimulated ? 0 : store.spending.mostSpentRounds(federationId);
  store.accounts.insert(account);
  store.spending.open(account.accountId, federationId, openingRounds);
  return addClient(store, account.accountId, arrival);
}

function addClient(store: Store, accountId: string, arrival: Arrival): ClientRow {
  const { federationId, displayName, isSimulated, nowMs } = arrival;
  const client: ClientRow = {
    ...{ federationId, clientId: newId(), accountId, displayName, isSimulated },
    joinedAtMs: nowMs,
    lastSeenAtMs: nowMs,
    isRemoved: false,
    hasLeft: false,
    refusedUpdates: 0,
    lastUpdateNorm: null,
  };
  store.clients.put(client);
  return client;
}
