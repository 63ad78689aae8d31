import { z } from 'zod';
import { downloadEncodingSchema, federationSettingsSchema } from './settings.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
export const idSchema = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/);

export const federationPhases = [
  'created',
  'recruiting',
  'training',
  'aggregating',
  'evaluated',
  'paused',
  'stopped',
] as const;
export type FederationPhase = (typeof federationPhases)[number];

/** A global adapter file that clients fetch by content hash from `/api/blobs/<sha256>`. */
export const adapterReferenceSchema = z.strictObject({
  sha256: sha256Schema,
  sizeBytes: z.number().int().min(1),
  encoding: downloadEncodingSchema,
  /** Completed round that made it; 0 is the start. */
  round: z.number().int().min(0),
});
export type AdapterReference = z.infer<typeof adapterReferenceSchema>;

export const baseModelFileSchema = z.strictObject({
  path: z.string().min(1).max(200),
  bytes: z.number().int().min(0),
  sha256: sha256Schema,
});
/** The files of a base model, fetched from `/models/<id>/<path>` with HTTP ranges. */
export const baseModelManifestSchema = z.strictObject({
  id: z.string().min(1).max(100),
  files: z.array(baseModelFileSchema).min(1).max(2_000),
});
export type BaseModelManifest = z.infer<typeof baseModelManifestSchema>;

/** Bounds of the organization that runs the hub; no federation on it passes them. Shown with the consent. */
export const ceilingsSchema = z.strictObject({
  /** Largest ε budget of one federation. */
  maxEpsilon: z.number().positive().max(1_000),
  /** Smallest `cohort.minimum` of a federation. */
  minCohort: z.number().int().min(1).max(100_000),
  /** Whether differential privacy may be turned off. */
  isPrivacyRequired: z.boolean(),
});
export type Ceilings = z.infer<typeof ceilingsSchema>;

/** What a contributor sees of a federation before consent and while it runs. */
export const federationManifestSchema = z.strictObject({
  federationId: idSchema,
  settings: federationSettingsSchema,
  baseModel: baseModelManifestSchema,
  operator: z.string().max(200),
  /** Of the key with which this hub countersigns receipts and signs spending; it also names the hub. */
  hubPublicKey: z.string().regex(/^[A-Za-z0-9_-]{87}$/),
  ceilings: ceilingsSchema,
  consentVersion: sha256Schema,
  phase: z.enum(federationPhases),
  /** Rounds completed so far. */
  completedRounds: z.number().int().min(0),
  adapter: adapterReferenceSchema,
});
export type FederationManifest = z.infer<typeof federationManifestSchema>;

/** Hub to the clients of a cohort: train this round from this adapter. */
export const roundAnnouncementSchema = z.strictObject({
  federationId: idSchema,
  round: z.number().int().min(1),
  /** Completed rounds before this one; sets the learning rate's decay. */
  completedRounds: z.number().int().min(0),
  adapter: adapterReferenceSchema,
  /** First round's learning rate where the admin changed it since the client joined; the decay stays as agreed. */
  learningRate: z.number().positive().max(1e6).optional(),
  /** Milliseconds left until the deadline when the message was written. */
  remainingMs: z.number().int().min(0),
});
export type RoundAnnouncement = z.infer<typeof roundAnnouncementSchema>;
