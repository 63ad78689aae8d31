import { z } from 'zod';
import { ceilingsSchema, federationManifestSchema, idSchema } from './federation.ts';
import { cohortSchema, federationSettingsSchema, trainingSchema } from './settings.ts';

export const roles = ['admin', 'viewer', 'contributor'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** POST /api/sessions: exchanges a one-time sign-in token, an invite token or a password for a session. */
export const createSessionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sign-in'), token: z.string().min(16).max(200) }),
  z.strictObject({
    kind: z.literal('invite'),
    token: z.string().min(16).max(200),
    displayName: z.string().trim().max(120),
    isSimulated: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('password'),
    user: z.string().min(1).max(120),
    password: z.string().min(1).max(500),
  }),
]);
export const sessionSchema = z.strictObject({
  token: z.string().min(16).max(200),
  role: roleSchema,
  /** Set for contributors: the federation the invite was for, and this person's identity in it. */
  federationId: idSchema.nullable(),
  clientId: idSchema.nullable(),
  expiresAtMs: z.number(),
});
export type Session = z.infer<typeof sessionSchema>;

/** POST /api/federations. `evaluation` rows are text and label (classification) or prompt and response (generation). */
export const evaluationRowSchema = z.strictObject({
  input: z.string().max(20_000),
  output: z.string().max(20_000),
});
export const createFederationSchema = z.strictObject({
  settings: federationSettingsSchema,
  evaluation: z.array(evaluationRowSchema).max(20_000).nullable(),
  /**
   * A federation of this hub whose current adapter is the start, in place of a fresh one. Its adapter has the same shape;
   * a method that sends no A starts only where A is still that of the seed.
   */
  startFrom: idSchema.nullable().optional(),
});
export const federationActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('start') }),
  z.strictObject({ action: z.literal('pause') }),
  z.strictObject({ action: z.literal('resume') }),
  z.strictObject({ action: z.literal('stop') }),
  z.strictObject({ action: z.literal('roll-back'), round: z.number().int().min(0) }),
  z.strictObject({ action: z.literal('remove-client'), clientId: idSchema }),
  z.strictObject({
    action: z.literal('change-next-round'),
    training: trainingSchema.pick({ learningRate: true }).optional(),
    cohort: cohortSchema.optional(),
  }),
]);
export type FederationAction = z.infer<typeof federationActionSchema>;

/** POST /api/federations/:id/invites. */
export const createInviteSchema = z.strictObject({
  role: z.enum(['viewer', 'contributor']),
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(90 * 86_400),
  maxUses: z.number().int().min(1).max(100_000).nullable(),
  /**
   * Name of the one person the invite is for: whoever opens it, on whatever device, is the same account and continues
   * the same budget. Null for an open link.
   */
  personName: z.string().trim().min(1).max(120).nullable(),
});
/** `url` carries the token in its fragment, so that it never reaches a server log. */
export const inviteSchema = z.strictObject({
  inviteId: idSchema,
  token: z.string(),
  url: z.string(),
  expiresAtMs: z.number(),
});
export type Invite = z.infer<typeof inviteSchema>;

/** GET /api/federations/:id/consents: who agreed to which conditions when, and who withdrew. */
export const consentRecordSchema = z.strictObject({
  atMs: z.number(),
  accountId: idSchema,
  displayName: z.string().max(120),
  consentVersion: z.string(),
  action: z.enum(['given', 'withdrawn']),
});
export type ConsentRecord = z.infer<typeof consentRecordSchema>;
export const consentsAnswerSchema = z.strictObject({ consents: z.array(consentRecordSchema) });

/** GET /api/ceilings: what the create form may offer. */
export const ceilingsAnswerSchema = ceilingsSchema;

/** GET /api/federations/:id/manifest for contributors, before consent. */
export const manifestAnswerSchema = federationManifestSchema;

/** GET /api/demo, POST /api/demo/crowd: only where the hub runs the demo. */
export const demoStateSchema = z.strictObject({
  isDemo: z.boolean(),
  crowdSize: z.number().int().min(0),
  maxCrowd: z.number().int().min(0),
  federationId: idSchema.nullable(),
});
export const setCrowdSchema = z.strictObject({ crowdSize: z.number().int().min(0).max(200) });
