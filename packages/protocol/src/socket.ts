import { z } from 'zod';
import {
  federationManifestSchema,
  federationPhases,
  idSchema,
  roundAnnouncementSchema,
  sha256Schema,
} from './federation.ts';
import { countersignatureSchema, publicKeySchema, signedReceiptSchema } from './receipt.ts';
import { refusalReasons, refusalSchema } from './refusal.ts';
import { signedSpendingSchema } from './spending.ts';
import type { Refusal } from './refusal.ts';
import type { RoundAnnouncement } from './federation.ts';
import type { DashboardEvent, DashboardSnapshot } from './dashboard.ts';

/** In the socket.io handshake (`auth`), by every socket. Tokens never stand in a query string. */
export const handshakeSchema = z.strictObject({
  protocolVersion: z.number().int(),
  token: z.string().min(16).max(200),
});
export type Handshake = z.infer<typeof handshakeSchema>;

/** Client to hub, after connecting and after every reconnect: take me in. Idempotent. */
export const joinSchema = z.strictObject({
  federationId: idSchema,
  consentVersion: sha256Schema,
  /** Of the key that signs this device's receipts. */
  publicKey: publicKeySchema,
});
/** Hub's answer to a join. `round` is set where this client belongs to the cohort of a running round. */
export const welcomeSchema = z.strictObject({
  refused: z.literal(false),
  clientId: idSchema,
  manifest: federationManifestSchema,
  round: z
    .strictObject({ announcement: roundAnnouncementSchema, isSubmitted: z.boolean() })
    .nullable(),
  maxFrameBytes: z.number().int().min(1),
  /** What this person's account has spent by the hub's record. */
  spending: signedSpendingSchema,
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** Client to hub: whether to count on me from the next round on (pause, battery, data not ready). */
export const readySchema = z.strictObject({ federationId: idSchema, isReady: z.boolean() });

/** Client to hub beside the binary frame: which round the frame answers, and its receipt. */
export const submitSchema = z.strictObject({
  federationId: idSchema,
  round: z.number().int().min(1),
  /** Binds the frame to what it cost; its `frameSha256` is that of the frame. */
  receipt: signedReceiptSchema,
});
/** Hub's answer once the update is on disk. `isDuplicate` when these very bytes were accepted before. */
export const submittedSchema = z.strictObject({
  refused: z.literal(false),
  sha256: sha256Schema,
  isDuplicate: z.boolean(),
  countersignature: countersignatureSchema,
});
export type Submitted = z.infer<typeof submittedSchema>;

/**
 * Client to hub: I will send no update for this round. `failed-closed` and `budget-exhausted` may depend on the data:
 * docs/PRIVACY.md says how far.
 */
export const declineSchema = z.strictObject({
  federationId: idSchema,
  round: z.number().int().min(1),
  reason: z.enum(['budget-exhausted', 'paused', 'failed-closed', 'too-late']),
});
export type DeclineReason = z.infer<typeof declineSchema>['reason'];
export const okSchema = z.strictObject({ refused: z.literal(false) });
export type Ok = z.infer<typeof okSchema>;

/** Client to hub: I revoke my consent; forget my membership. */
export const leaveSchema = z.strictObject({ federationId: idSchema });

/** Dashboard to hub: stream events of all federations this session may see. */
export const watchSchema = z.strictObject({ federationId: idSchema.nullable() });

/** Hub to all joined clients whenever it changes: the phase, and why nothing happens. */
export const statusSchema = z.strictObject({
  federationId: idSchema,
  phase: z.enum(federationPhases),
  completedRounds: z.number().int().min(0),
  presentClients: z.number().int().min(0),
  neededClients: z.number().int().min(0),
});
export type FederationStatus = z.infer<typeof statusSchema>;

/** Hub to the cohort when a round ends; abandoned rounds stay booked by the clients. */
export const roundClosedSchema = z.strictObject({
  federationId: idSchema,
  round: z.number().int().min(1),
  outcome: z.enum(['completed', 'abandoned']),
  /** Evaluation by the hub, where the federation has an evaluation set. */
  evalLoss: z.number().nullable(),
  evalAccuracy: z.number().nullable(),
  adapterSha256: sha256Schema.nullable(),
});
export type RoundClosed = z.infer<typeof roundClosedSchema>;

export const noticeSchema = z.strictObject({
  reason: z.enum(refusalReasons),
  detail: z.string().max(500),
});

/** Answers to socket requests. */
export const welcomeAnswerSchema = z.union([welcomeSchema, refusalSchema]);
export const submittedAnswerSchema = z.union([submittedSchema, refusalSchema]);
export const okAnswerSchema = z.union([okSchema, refusalSchema]);

export interface ClientToHubEvents {
  'federation:join': (
    message: z.infer<typeof joinSchema>,
    answer: (a: Welcome | Refusal) => void,
  ) => void;
  'federation:leave': (
    message: z.infer<typeof leaveSchema>,
    answer: (a: Ok | Refusal) => void,
  ) => void;
  'client:ready': (message: z.infer<typeof readySchema>, answer: (a: Ok | Refusal) => void) => void;
  'update:submit': (
    message: z.infer<typeof submitSchema>,
    frame: Uint8Array,
    answer: (a: Submitted | Refusal) => void,
  ) => void;
  'round:decline': (
    message: z.infer<typeof declineSchema>,
    answer: (a: Ok | Refusal) => void,
  ) => void;
  'dashboard:watch': (
    message: z.infer<typeof watchSchema>,
    answer: (a: DashboardSnapshot | Refusal) => void,
  ) => void;
}

export interface HubToClientEvents {
  'round:announce': (message: RoundAnnouncement) => void;
  'round:closed': (message: RoundClosed) => void;
  'federation:status': (message: FederationStatus) => void;
  /** Sent before the hub disconnects a socket for a stated reason. */
  'session:notice': (message: z.infer<typeof noticeSchema>) => void;
  'dashboard:event': (message: DashboardEvent) => void;
}
