import type { Authority } from '../session/authority.ts';
import type { Store } from '../storage/store.ts';
import { isAction, isAllowed } from './permissions.ts';
import { tokenDigest } from './tokens.ts';

/** Answers from the session table; tokens are looked up by digest, so a read of the database signs nobody in. */
export function createAuthority(store: Store): Authority {
  return {
    sessionOf: (token, nowMs) => {
      const session = store.sessions.find(tokenDigest(token));
      if (session === null) return { ok: false, reason: 'unauthenticated' };
      if (session.expiresAtMs <= nowMs) return { ok: false, reason: 'token-expired' };
      return { ok: true, session };
    },
    isAllowed: (role, action) => isAction(action) && isAllowed(role, action),
  };
}
