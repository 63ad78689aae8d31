import type { Session } from '@roundtable/protocol';
import { anything, request } from '../api/client.ts';
import { sessionAnswer } from './parse-session.ts';

export type Credentials =
  | { kind: 'sign-in'; token: string }
  | { kind: 'invite'; token: string; displayName: string; isSimulated: boolean }
  | { kind: 'password'; user: string; password: string };

const inFlight = new Map<string, Promise<Session>>();

/**
 * Exchanges credentials for a session. The same one-time token asked twice at once (React mounts
 * effects twice in development) is sent only once.
 */
export function createSession(credentials: Credentials): Promise<Session> {
  const key = JSON.stringify(credentials);
  const running = inFlight.get(key);
  if (running) return running;
  const promise = request({
    path: '/api/sessions',
    method: 'POST',
    body: credentials,
    answer: sessionAnswer,
  }).finally(() => inFlight.delete(key));
  inFlight.set(key, promise);
  return promise;
}

/** Ends a session on the hub; a session that is gone already counts as ended. */
export async function endSession(token: string): Promise<void> {
  await request({
    path: '/api/sessions/current',
    method: 'DELETE',
    token,
    answer: anything,
  }).catch(() => undefined);
}
