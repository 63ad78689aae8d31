import { z } from 'zod';
import { idSchema } from './federation.ts';
import { publicKeySchema, releaseEventSchema, signatureSchema } from './receipt.ts';

/** What one account has spent in one federation by the hub's record: releases that arrived, or that a failure stands for. */
export const federationSpendingSchema = z.strictObject({
  federationId: idSchema,
  release: releaseEventSchema,
  releasesPerRound: z.number().int().min(1),
  /** Rounds that count, as inclusive ranges, rising. */
  rounds: z.array(z.tuple([z.number().int().min(1), z.number().int().min(1)])).max(10_000),
  /** Rounds that count for a person who joined by an open link: she may be any of those who took part before her. */
  openingRounds: z.number().int().min(0),
});
export type FederationSpending = z.infer<typeof federationSpendingSchema>;

/** The hub's record of one account over all its federations. */
export const spendingStatementSchema = z.strictObject({
  version: z.literal(1),
  hubPublicKey: publicKeySchema,
  accountId: idSchema,
  federations: z.array(federationSpendingSchema).max(1_000),
});
export type SpendingStatement = z.infer<typeof spendingStatementSchema>;

/** Hub to a contributor with every welcome: her record, signed by the hub over its canonical JSON. */
export const signedSpendingSchema = z.strictObject({
  statement: spendingStatementSchema,
  signature: signatureSchema,
});
export type SignedSpending = z.infer<typeof signedSpendingSchema>;
