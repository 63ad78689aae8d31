import { z } from 'zod';
import { idSchema, sha256Schema } from './federation.ts';

const positive = z.number().positive();
const probability = z.number().min(0).max(1);
const cost = {
  samplingRate: positive.max(1),
  noiseMultiplier: positive.max(1e6),
  roundingFailure: probability.optional(),
  samplerFailure: probability.optional(),
};

/** One kind of release as the privacy package's `ReleaseEvent`: its noise, its sampling, its failure probabilities. */
export const releaseEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gaussian'), ...cost }),
  z.strictObject({ kind: z.literal('laplace'), ...cost }),
  z.strictObject({ kind: z.literal('discrete-gaussian'), ...cost }),
  z.strictObject({
    kind: z.literal('skellam'),
    ...cost,
    l2Sensitivity: positive,
    l1Sensitivity: positive,
  }),
]);

/** An uncompressed P-256 point, 65 bytes in base64url without padding. */
export const publicKeySchema = z.string().regex(/^[A-Za-z0-9_-]{87}$/);
/** An ECDSA P-256 signature (r, s), 64 bytes in base64url without padding. */
export const signatureSchema = z.string().regex(/^[A-Za-z0-9_-]{86}$/);

/**
 * What a round sent and what it cost, as the participant signs it and the hub countersigns it. Nothing in it depends on
 * the data beyond the update itself: no example count, no loss, no time of training.
 */
export const roundReceiptSchema = z.strictObject({
  version: z.literal(1),
  hubPublicKey: publicKeySchema,
  federationId: idSchema,
  clientId: idSchema,
  round: z.number().int().min(1),
  /** SHA-256 and length of the update frame. */
  frameSha256: sha256Schema,
  frameBytes: z.number().int().min(1),
  adapterSha256: sha256Schema,
  baseModelId: z.string().min(1).max(100),
  uploadBits: z.number().int().min(2).max(32),
  /** Null where the federation protects nothing. */
  privacy: z
    .strictObject({
      privacyUnit: z.enum(['example', 'client']),
      clippingNorm: positive,
      release: releaseEventSchema,
      /** Releases of this round. */
      count: z.number().int().min(1),
      delta: positive.max(1),
      /** ε of this round alone, and of all rounds of this federation that count under this account, whatever rows they used. */
      epsilonRound: z.number().min(0),
      epsilonTotal: z.number().min(0),
    })
    .nullable(),
  /**
   * SHA-256 of the canonical JSON of this participant's previous signed receipt (receipt, key and signature) of the
   * federation; null for the first.
   */
  previousSha256: sha256Schema.nullable(),
});
export type RoundReceipt = z.infer<typeof roundReceiptSchema>;

/** A receipt with the participant's key and signature over its canonical JSON. */
export const signedReceiptSchema = z.strictObject({
  receipt: roundReceiptSchema,
  publicKey: publicKeySchema,
  signature: signatureSchema,
});
export type SignedReceipt = z.infer<typeof signedReceiptSchema>;

/** The hub's word that it took the update at that time; signed over the canonical JSON of the other fields. */
export const countersignatureSchema = z.strictObject({
  /** Of the canonical JSON of the signed receipt: receipt, key and signature. */
  receiptSha256: sha256Schema,
  acceptedAtMs: z.number().int().min(0),
  hubPublicKey: publicKeySchema,
  signature: signatureSchema,
});
export type Countersignature = z.infer<typeof countersignatureSchema>;

/** A receipt as it is kept and exported; `countersignature` is null until the hub has answered. */
export const countersignedReceiptSchema = signedReceiptSchema.extend({
  countersignature: countersignatureSchema.nullable(),
});
export type CountersignedReceipt = z.infer<typeof countersignedReceiptSchema>;
