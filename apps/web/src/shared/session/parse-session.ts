import type { Role, Session } from '@roundtable/protocol';
import type { AnswerSchema } from '../api/client.ts';

const roles: readonly Role[] = ['admin', 'viewer', 'contributor'];

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

/** A session from the hub or from this browser's storage; null for anything else. */
export function parseSession(value: unknown): Session | null {
  if (typeof value !== 'object' || value === null) return null;
  const { token, role, federationId, clientId, expiresAtMs } = value as Record<string, unknown>;
  const knownRole = roles.find((known) => known === role);
  if (typeof token !== 'string' || token.length < 16 || !knownRole) return null;
  if (!isTextOrNull(federationId) || !isTextOrNull(clientId)) return null;
  if (typeof expiresAtMs !== 'number' || !Number.isFinite(expiresAtMs)) return null;
  return { token, role: knownRole, federationId, clientId, expiresAtMs };
}

/** The same as an answer to a request. */
export const sessionAnswer: AnswerSchema<Session> = {
  safeParse: (value) => {
    const session = parseSession(value);
    return session
      ? { success: true, data: session }
      : { success: false, error: new Error('the answer is not a session') };
  },
};
