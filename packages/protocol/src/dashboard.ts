import { z } from 'zod';
import { adapterReferenceSchema, federationPhases, idSchema } from './federation.ts';
import { refusalReasons } from './refusal.ts';
import { federationSettingsSchema } from './settings.ts';

const count = z.number().int().min(0);

/** Why a round ended without an adapter: everybody answered but too few with an update, the deadline passed, … */
export const abandonReasons = [
  'too-few-updates',
  'deadline',
  'stopped',
  'rolled-back',
  'hub-failure',
] as const;
export type AbandonReason = (typeof abandonReasons)[number];

/** One round as dashboards, exports and command-line tools show it. */
export const roundRecordSchema = z.strictObject({
  round: z.number().int().min(1),
  state: z.enum(['training', 'aggregating', 'completed', 'abandoned']),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  selected: count,
  accepted: count,
  rejected: count,
  /** Refused submissions of this round by reason. */
  rejections: z.partialRecord(z.enum(refusalReasons), count),
  /** Payload bytes as counted on the socket and HTTP, all clients together. */
  bytesUp: count,
  bytesDown: count,
  evalLoss: z.number().nullable(),
  evalAccuracy: z.number().nullable(),
  /** Under FedLPP, the accuracy of what clients hold: `evalAccuracy` minus it is the model-privacy gap. */
  proxyAccuracy: z.number().optional(),
  /** Largest declared ε over the clients after this round; null without differential privacy. */
  epsilon: z.number().nullable(),
  /** L2 norm of the mean update. */
  updateNorm: z.number().nullable(),
  adapter: adapterReferenceSchema.nullable(),
  abandonedBecause: z.enum(abandonReasons).nullable(),
});
export type RoundRecord = z.infer<typeof roundRecordSchema>;

/** One contributor as admins see her: nothing here depends on her data. */
export const clientRecordSchema = z.strictObject({
  clientId: idSchema,
  displayName: z.string().max(120),
  isSimulated: z.boolean(),
  isConnected: z.boolean(),
  isReady: z.boolean(),
  isRemoved: z.boolean(),
  acceptedRounds: count,
  refusedUpdates: count,
  /** ε declared so far by the hub's spending record, rounds given up after a failure included; null without privacy. */
  epsilon: z.number().nullable(),
  /** The account in whose name she takes part; one person on two devices is one account. */
  accountId: idSchema,
  lastUpdateNorm: z.number().nullable(),
  joinedAtMs: z.number(),
  lastSeenAtMs: z.number(),
});
export type ClientRecord = z.infer<typeof clientRecordSchema>;

export const alertKinds = [
  'stalled-round',
  'budget-80',
  'budget-100',
  'divergence',
  'low-quorum',
  'no-evaluation',
  'update-outlier',
] as const;
export const alertSchema = z.strictObject({
  kind: z.enum(alertKinds),
  federationId: idSchema,
  round: z.number().int().nullable(),
  atMs: z.number(),
  detail: z.string().max(300),
});
export type Alert = z.infer<typeof alertSchema>;

export const federationRecordSchema = z.strictObject({
  federationId: idSchema,
  settings: federationSettingsSchema,
  phase: z.enum(federationPhases),
  createdAtMs: z.number(),
  completedRounds: count,
  hasEvaluation: z.boolean(),
  /** Of the base model, before any round. */
  evalLossBefore: z.number().nullable(),
  evalAccuracyBefore: z.number().nullable(),
  parameterCount: count,
  adapter: adapterReferenceSchema,
  rounds: z.array(roundRecordSchema),
  clients: z.array(clientRecordSchema),
  alerts: z.array(alertSchema),
});
export type FederationRecord = z.infer<typeof federationRecordSchema>;

/** Hub's answer to `dashboard:watch`: the whole picture, after which events bring the changes. */
export const dashboardSnapshotSchema = z.strictObject({
  refused: z.literal(false),
  nowMs: z.number(),
  federations: z.array(federationRecordSchema),
});
export type DashboardSnapshot = z.infer<typeof dashboardSnapshotSchema>;

/** Hub to dashboards whenever something changes. Each event carries the whole changed part: applying it twice is harmless. */
export const dashboardEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('federation'),
    federation: federationRecordSchema.omit({ rounds: true, clients: true, alerts: true }),
  }),
  z.strictObject({ kind: z.literal('federation-deleted'), federationId: idSchema }),
  z.strictObject({ kind: z.literal('round'), federationId: idSchema, round: roundRecordSchema }),
  z.strictObject({ kind: z.literal('client'), federationId: idSchema, client: clientRecordSchema }),
  z.strictObject({ kind: z.literal('alert'), alert: alertSchema }),
]);
export type DashboardEvent = z.infer<typeof dashboardEventSchema>;
