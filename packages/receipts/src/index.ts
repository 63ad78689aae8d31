export { fromBase64url, toBase64url } from './base64url.ts';
export { canonicalJson, canonicalSha256 } from './canonical-json.ts';
export { createSigner, signerOf, verifySignature } from './signer.ts';
export type { Signer } from './signer.ts';
export {
  countersign,
  receiptSha256,
  signReceipt,
  verifyCountersignature,
  verifySignedReceipt,
} from './signed-receipt.ts';
export { signSpending, verifySpending } from './signed-spending.ts';
export { verifyReceiptChain } from './receipt-chain.ts';
export type { ChainOptions, ReceiptEvent, ReceiptFault, ReceiptVerdict } from './receipt-chain.ts';
export { encodeReceiptFile, verifyReceiptFile } from './receipt-file.ts';
export type { ReceiptChain, ReceiptFileVerdict } from './receipt-file.ts';
