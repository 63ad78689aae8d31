import type { SignedSpending, SpendingStatement } from '@roundtable/protocol';
import { signSpending } from '@roundtable/receipts';
import type { Signer } from '@roundtable/receipts';
import type { Store } from '../storage/store.ts';

/** Rising numbers as inclusive ranges. */
export function toRanges(rising: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of rising) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

function statementOf(store: Store, hubPublicKey: string, accountId: string): SpendingStatement {
  const federations = store.spending.ofAccount(accountId).map((spent) => ({
    federationId: spent.federationId,
    ...spent.plan,
    rounds: toRanges(spent.rounds),
    openingRounds: spent.openingRounds,
  }));
  return { version: 1, hubPublicKey, accountId, federations };
}

/**
 * The hub's word on what an account has spent in all its federations.
 * @throws if it does not fit the protocol's bounds; then she gets no word and trains nothing
 */
export function signedSpendingOf(
  store: Store,
  signer: Signer,
  accountId: string,
): Promise<SignedSpending> {
  return signSpending(signer, statementOf(store, signer.publicKey, accountId));
}
