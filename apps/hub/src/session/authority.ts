import type { RefusalReason, Role } from '@roundtable/protocol';
import type { SessionRow } from '../storage/rows.ts';

/** Who may do what. The hub's rooms ask; the auth room answers. */
export interface Authority {
  /** The living session behind a bearer token, or why there is none. */
  sessionOf(
    token: string,
    nowMs: number,
  ):
    | { readonly ok: true; readonly session: SessionRow }
    | { readonly ok: false; readonly reason: RefusalReason };
  /** Whether a role may do an action: a socket event's name or an HTTP route's permission. */
  isAllowed(role: Role, action: string): boolean;
}
