import type { Refusal, Role, Session } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { InviteRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { verifyPassword } from './password.ts';
import { newId, newToken, tokenDigest } from './tokens.ts';

const HOUR_MS = 3_600_000;
const SESSION_MS: Readonly<Record<Role, number>> = {
  admin: 12 * HOUR_MS,
  viewer: 7 * 24 * HOUR_MS,
  contributor: 90 * 24 * HOUR_MS,
};
/** How long a printed sign-in link works. */
export const SIGN_IN_LINK_MS = 15 * 60_000;
/** Members of one federation, over all its invites. */
const MAX_CLIENTS = 100_000;

/** Whose password opens an admin session. */
export interface AdminCredentials {
  readonly user: string;
  readonly passwordHash: string;
}

/** Starts, ends and finds sessions; every refusal is an answer, never a throw. */
export interface SignIn {
  /** A one-time admin sign-in token that lasts `SIGN_IN_LINK_MS`. */
  issueSignInToken(): string;
  withToken(token: string): Session | Refusal;
  withInvite(token: string, displayName: string, isSimulated: boolean): Session | Refusal;
  withPassword(user: string, password: string): Promise<Session | Refusal>;
  signOut(tokenSha256: string): void;
}

interface NewSession {
  role: Role;
  federationId: string | null;
  clientId: string | null;
  label: string;
}

/** @param credentials null where only sign-in links are accepted */
export function createSignIn(
  store: Store,
  nowMs: () => number,
  credentials: AdminCredentials | null,
): SignIn {
  const open = (session: NewSession): Session => {
    const token = newToken();
    const now = nowMs();
    const expiresAtMs = now + SESSION_MS[session.role];
    store.sessions.deleteExpired(now);
    store.sessions.insert({
      ...session,
      tokenSha256: tokenDigest(token),
      createdAtMs: now,
      expiresAtMs,
    });
    const { role, federationId, clientId } = session;
    return { token, role, federationId, clientId, expiresAtMs };
  };
  // Each check takes 128 MiB for a moment: one at a time, however many arrive at once.
  let checks: Promise<unknown> = Promise.resolve();
  const check = (password: string, hash: string): Promise<boolean> => {
    const result = checks.then(() => verifyPassword(password, hash));
    checks = result.catch(() => undefined);
    return result;
  };
  return {
    issueSignInToken: () => {
      const token = newToken();
      store.signInTokens.insert(tokenDigest(token), nowMs() + SIGN_IN_LINK_MS);
      return token;
    },
    withToken: (token) =>
      store.transaction(() => {
        const state = store.signInTokens.use(tokenDigest(token), nowMs());
        if (state !== 'fresh') return refuseToken(state, 'sign-in link');
        audit(store, nowMs(), 'admin', 'session:create', null, 'by sign-in link');
        return open({ role: 'admin', federationId: null, clientId: null, label: 'admin' });
      }),
    withInvite: (token, displayName, isSimulated) =>
      store.transaction(() => {
        const invite = findInvite(store, token, nowMs());
        if ('refused' in invite) return invite;
        if (invite.role === 'viewer') {
          const label = `viewer ${invite.inviteId}`;
          audit(store, nowMs(), label, 'session:create', invite.federationId, 'by invite');
          return open({ role: 'viewer', federationId: invite.federationId, clientId: null, label });
        }
        const clientId = addClient(store, invite.federationId, displayName, isSimulated, nowMs());
        const label = displayName === '' ? clientId : displayName;
        return open({ role: 'contributor', federationId: invite.federationId, clientId, label });
      }),
    withPassword: async (user, password) => {
      // The hash is verified for an unknown user too, so that the time taken does not tell which names exist.
      const matches = credentials !== null && (await check(password, credentials.passwordHash));
      if (!matches || user !== credentials.user) {
        return refusal('unauthenticated', 'user or password is wrong');
      }
      audit(store, nowMs(), user, 'session:create', null, 'by password');
      return open({ role: 'admin', federationId: null, clientId: null, label: user });
    },
    signOut: (tokenSha256) => {
      store.sessions.delete(tokenSha256);
    },
  };
}

function refuseToken(state: 'used' | 'expired' | 'unknown', what: string): Refusal {
  if (state === 'used') return refusal('token-used', `this ${what} has been used before`);
  if (state === 'expired') return refusal('token-expired', `this ${what} has expired`);
  return refusal('unauthenticated', `this ${what} is not known here`);
}

function findInvite(store: Store, token: string, nowMs: number): InviteRow | Refusal {
  const invite = store.invites.find(tokenDigest(token));
  if (invite === null) return refuseToken('unknown', 'invite');
  if (invite.isRevoked || invite.expiresAtMs <= nowMs) return refuseToken('expired', 'invite');
  if (
    invite.role === 'contributor' &&
    store.clients.list(invite.federationId).length >= MAX_CLIENTS
  ) {
    return refusal('unavailable', `a federation has at most ${MAX_CLIENTS} contributors`);
  }
  return store.invites.use(invite.inviteId) ? invite : refuseToken('used', 'invite');
}

function addClient(
  store: Store,
  federationId: string,
  displayName: string,
  isSimulated: boolean,
  nowMs: number,
): string {
  const clientId = newId();
  store.clients.put({
    federationId,
    clientId,
    displayName,
    isSimulated,
    joinedAtMs: nowMs,
    isRemoved: false,
    hasLeft: false,
    lastSeenAtMs: nowMs,
    refusedUpdates: 0,
    lastUpdateNorm: null,
  });
  return clientId;
}

function audit(
  store: Store,
  atMs: number,
  actor: string,
  action: string,
  federationId: string | null,
  detail: string,
): void {
  store.audit.append({ atMs, actor, action, federationId, detail });
}
