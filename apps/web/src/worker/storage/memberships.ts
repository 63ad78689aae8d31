import type { Membership, RoundtableDatabase } from './database.ts';

const fresh: Membership = {
  consentVersion: null,
  consentAtMs: null,
  isRunning: false,
  sentBytes: 0,
  receivedBytes: 0,
  acceptedRounds: 0,
  evaluations: [],
};

/** This browser's membership in a federation; an empty one where there is none. */
export async function loadMembership(
  database: RoundtableDatabase,
  federationId: string,
): Promise<Membership> {
  return (await database.get('memberships', federationId)) ?? fresh;
}

/** Changes a membership in one transaction and gives the result. */
export async function changeMembership(
  database: RoundtableDatabase,
  federationId: string,
  change: (membership: Membership) => Membership,
): Promise<Membership> {
  const write = database.transaction('memberships', 'readwrite', { durability: 'strict' });
  const changed = change((await write.store.get(federationId)) ?? fresh);
  await Promise.all([write.store.put(changed, federationId), write.done]);
  return changed;
}
