import {
  countersignatureSchema,
  roundReceiptSchema,
  signedReceiptSchema,
} from '@roundtable/protocol';
import type { Countersignature, RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import { canonicalBytes, canonicalSha256 } from './canonical-json.ts';
import { verifySignature } from './signer.ts';
import type { Signer } from './signer.ts';

/**
 * Signs what a round sent and cost.
 * @throws if the receipt is not well-formed
 */
export async function signReceipt(signer: Signer, receipt: RoundReceipt): Promise<SignedReceipt> {
  const checked = roundReceiptSchema.parse(receipt);
  const signature = await signer.sign(canonicalBytes(checked));
  return { receipt: checked, publicKey: signer.publicKey, signature };
}

/** Whether a signed receipt is well-formed and its signature that of its key. */
export async function verifySignedReceipt(signed: unknown): Promise<boolean> {
  const parsed = signedReceiptSchema.safeParse(signed);
  if (!parsed.success) return false;
  const { receipt, publicKey, signature } = parsed.data;
  return verifySignature(publicKey, canonicalBytes(receipt), signature);
}

/**
 * What the next receipt and the hub refer to: SHA-256 of the canonical JSON of receipt, key and signature, so that
 * neither can be exchanged for those of another signer.
 */
export function receiptSha256({ receipt, publicKey, signature }: SignedReceipt): Promise<string> {
  return canonicalSha256({ receipt, publicKey, signature });
}

/** The hub's word that it took the update of this receipt. The hub has verified the receipt before. */
export async function countersign(
  signer: Signer,
  signed: SignedReceipt,
  acceptedAtMs: number,
): Promise<Countersignature> {
  const { publicKey: hubPublicKey } = signer;
  const word = { receiptSha256: await receiptSha256(signed), acceptedAtMs, hubPublicKey };
  const signature = await signer.sign(canonicalBytes(word));
  return countersignatureSchema.parse({ ...word, signature });
}

/** Whether the countersignature is for this very receipt and of this hub's key. */
export async function verifyCountersignature(
  signed: SignedReceipt,
  countersignature: unknown,
  hubPublicKey: string,
): Promise<boolean> {
  const parsed = countersignatureSchema.safeParse(countersignature);
  if (!parsed.success || parsed.data.hubPublicKey !== hubPublicKey) return false;
  const { signature, ...word } = parsed.data;
  if (word.receiptSha256 !== (await receiptSha256(signed))) return false;
  return verifySignature(hubPublicKey, canonicalBytes(word), signature);
}
