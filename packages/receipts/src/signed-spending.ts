import { signedSpendingSchema, spendingStatementSchema } from '@roundtable/protocol';
import type { SignedSpending, SpendingStatement } from '@roundtable/protocol';
import { canonicalBytes } from './canonical-json.ts';
import { verifySignature } from './signer.ts';
import type { Signer } from './signer.ts';

/**
 * Signs the hub's record of one account.
 * @throws if the statement is not well-formed or names another hub's key
 */
export async function signSpending(
  signer: Signer,
  statement: SpendingStatement,
): Promise<SignedSpending> {
  const checked = spendingStatementSchema.parse(statement);
  if (checked.hubPublicKey !== signer.publicKey) {
    throw new TypeError(`hubPublicKey must be the signer's, got ${checked.hubPublicKey}`);
  }
  return { statement: checked, signature: await signer.sign(canonicalBytes(checked)) };
}

/** Whether a statement is well-formed, of this hub, and its signature that of the hub's key. */
export async function verifySpending(signed: unknown, hubPublicKey: string): Promise<boolean> {
  const parsed = signedSpendingSchema.safeParse(signed);
  if (!parsed.success) return false;
  const { statement, signature } = parsed.data;
  if (statement.hubPublicKey !== hubPublicKey) return false;
  return verifySignature(hubPublicKey, canonicalBytes(statement), signature);
}
