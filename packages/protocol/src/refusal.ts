import { z } from 'zod';

/** Every reason for which the hub says no. The list is closed: pages translate each one, metrics count each one. */
export const refusalReasons = [
  'protocol-version',
  'unauthenticated',
  'token-expired',
  'token-used',
  'forbidden',
  'malformed',
  'unknown-event',
  'too-large',
  'rate-limited',
  'unknown-federation',
  'federation-not-open',
  'consent-outdated',
  'removed',
  'not-in-cohort',
  'wrong-round',
  'round-closed',
  'wrong-participant',
  'wrong-shape',
  'wrong-bits',
  'wrong-length',
  'checksum-mismatch',
  'not-finite',
  'norm-too-large',
  'conflicting-update',
  'bad-receipt',
  'not-found',
  'conflict',
  'invalid-settings',
  'unavailable',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** Hub to anyone, as an acknowledgement or an HTTP body: nothing was changed, and this is why. */
export const refusalSchema = z.strictObject({
  refused: z.literal(true),
  reason: z.enum(refusalReasons),
  /** For a person, in English; pages show their own translation of `reason` and may add this. */
  detail: z.string().max(500),
  retryAfterMs: z.number().int().min(0).optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

/** Builds a refusal with its detail. */
export function refusal(reason: RefusalReason, detail: string): Refusal {
  return { refused: true, reason, detail: detail.slice(0, 500) };
}
