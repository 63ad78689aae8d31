import type { Refusal, Role, Session } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import type { ClientRow, InviteRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { clientOfOpenLink, clientOfPerson } from './accounts.ts';
import { verifyPassword } from './password.ts';
import { newToken, tokenDigest } from './tokens.ts';

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
  return new StoredSignIn(store, nowMs, credentials);
}

class StoredSignIn implements SignIn {
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #credentials: AdminCredentials | null;
  /** Each check takes 128 MiB for a moment: one at a time, however many arrive at once. */
  #checks: Promise<unknown> = Promise.resolve();

  constructor(store: Store, nowMs: () => number, credentials: AdminCredentials | null) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#credentials = credentials;
  }

  issueSignInToken(): string {
    const token = newToken();
    this.#store.signInTokens.insert(tokenDigest(token), this.#nowMs() + SIGN_IN_LINK_MS);
    return token;
  }

  withToken(token: string): Session | Refusal {
    return this.#store.transaction(() => {
      const state = this.#store.signInTokens.use(tokenDigest(token), this.#nowMs());
      if (state !== 'fresh') return refuseToken(state, 'sign-in link');
      this.#audit('admin', null, 'by sign-in link');
      return this.#open({ role: 'admin', federationId: null, clientId: null, label: 'admin' });
    });
  }

  withInvite(token: string, displayName: string, isSimulated: boolean): Session | Refusal {
    return this.#store.transaction(() => {
      const invite = findInvite(this.#store, token, this.#nowMs());
      if ('refused' in invite) return invite;
      const { role, federationId, inviteId } = invite;
      if (role === 'viewer') {
        const label = `viewer ${inviteId}`;
        this.#audit(label, federationId, 'by invite');
        return this.#open({ role, federationId, clientId: null, label });
      }
      const { clientId } = this.#clientOf(invite, displayName, isSimulated);
      // Sessions outlive a withdrawn consent, which deletes her name.
      return this.#open({ role, federationId, clientId, label: clientId });
    });
  }

  async withPassword(user: string, password: string): Promise<Session | Refusal> {
    // The hash is verified for an unknown user too, so that the time taken does not tell which names exist.
    const credentials = this.#credentials;
    const matches = credentials !== null && (await this.#check(password, credentials.passwordHash));
    if (!matches || user !== credentials.user) {
      return refusal('unauthenticated', 'user or password is wrong');
    }
    this.#audit(user, null, 'by password');
    return this.#open({ role: 'admin', federationId: null, clientId: null, label: user });
  }

  signOut(tokenSha256: string): void {
    this.#store.sessions.delete(tokenSha256);
  }

  #check(password: string, hash: string): Promise<boolean> {
    const result = this.#checks.then(() => verifyPassword(password, hash));
    this.#checks = result.catch(() => undefined);
    return result;
  }

  #open(session: NewSession): Session {
    const token = newToken();
    const now = this.#nowMs();
    const expiresAtMs = now + SESSION_MS[session.role];
    const { sessions } = this.#store;
    sessions.deleteExpired(now);
    sessions.insert({
      ...session,
      tokenSha256: tokenDigest(token),
      createdAtMs: now,
      expiresAtMs,
    });
    const { role, federationId, clientId } = session;
    return { token, role, federationId, clientId, expiresAtMs };
  }

  #clientOf(invite: InviteRow, displayName: string, isSimulated: boolean): ClientRow {
    const { federationId, accountId } = invite;
    const arrival = { federationId, displayName, isSimulated, nowMs: this.#nowMs() };
    if (accountId === null) return clientOfOpenLink(this.#store, arrival);
    const account = this.#store.accounts.find(accountId);
    if (account === null) throw new Error(`invite ${invite.inviteId} is for an unknown account`);
    return clientOfPerson(this.#store, account, arrival);
  }

  #audit(actor: string, federationId: string | null, detail: string): void {
    const action = 'session:create';
    this.#store.audit.append({ atMs: this.#nowMs(), actor, action, federationId, detail });
  }
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
