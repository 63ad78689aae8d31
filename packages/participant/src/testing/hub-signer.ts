import type { SignedSpending, SpendingStatement } from '@roundtable/protocol';
import { createSigner, signSpending } from '@roundtable/receipts';

/** The key of every hub in these tests. */
export const hubSigner = await createSigner();

/** The hub's record of a person, by default of one who has spent nothing. */
export function spendingOf(change: Partial<SpendingStatement> = {}): Promise<SignedSpending> {
  const { publicKey: hubPublicKey } = hubSigner;
  const nothing = { version: 1, hubPublicKey, accountId: 'account-ann', federations: [] } as const;
  return signSpending(hubSigner, { ...nothing, federations: [], ...change });
}
