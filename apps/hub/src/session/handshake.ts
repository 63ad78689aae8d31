import type { Refusal } from '@roundtable/protocol';
import { PROTOCOL_VERSION, handshakeSchema, refusal } from '@roundtable/protocol';
import type { SessionRow } from '../storage/rows.ts';
import type { Authority } from './authority.ts';

/** What a refused handshake carries to the client: socket.io hands `data` to `connect_error`. */
export class HandshakeError extends Error {
  readonly data: Refusal;
  constructor(data: Refusal) {
    super(data.reason);
    this.data = data;
  }
}

/** The session behind a handshake's `auth` value, or why the socket may not connect. */
export function acceptHandshake(
  auth: unknown,
  authority: Authority,
  nowMs: number,
): SessionRow | Refusal {
  // The version comes first: another version may know other fields, and needs to hear why it is refused.
  const version: unknown =
    typeof auth === 'object' && auth !== null && 'protocolVersion' in auth
      ? auth.protocolVersion
      : undefined;
  if (typeof version === 'number' && version !== PROTOCOL_VERSION) {
    return refusal(
      'protocol-version',
      `the hub speaks version ${PROTOCOL_VERSION}, the client version ${version}: reload the page`,
    );
  }
  const handshake = handshakeSchema.safeParse(auth);
  if (!handshake.success) return refusal('malformed', 'auth must hold protocolVersion and token');
  const found = authority.sessionOf(handshake.data.token, nowMs);
  if (!found.ok) return refusal(found.reason, 'sign in or open the invite again');
  return found.session;
}
