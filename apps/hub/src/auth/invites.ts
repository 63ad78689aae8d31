import type { z } from 'zod';
import type { Invite, createInviteSchema } from '@roundtable/protocol';
import type { Store } from '../storage/store.ts';
import { newId, newToken, tokenDigest } from './tokens.ts';

/** Makes an invite and writes it to the audit log; the token itself is stored nowhere. */
export function createInvite(
  store: Store,
  options: {
    federationId: string;
    request: z.infer<typeof createInviteSchema>;
    publicUrl: string;
    actor: string;
    nowMs: number;
    /** The demo's fixed token; a fresh one otherwise. */
    token?: string;
  },
): Invite {
  const { federationId, request, nowMs } = options;
  const token = options.token ?? newToken();
  const inviteId = newId();
  const expiresAtMs = nowMs + request.expiresInSeconds * 1_000;
  store.transaction(() => {
    store.invites.insert({
      inviteId,
      tokenSha256: tokenDigest(token),
      federationId,
      role: request.role,
      createdAtMs: nowMs,
      expiresAtMs,
      maxUses: request.maxUses,
      uses: 0,
      isRevoked: false,
    });
    const detail = `${request.role}, expires ${new Date(expiresAtMs).toISOString()}, uses ${request.maxUses ?? 'unlimited'}`;
    store.audit.append({
      atMs: nowMs,
      actor: options.actor,
      action: 'invite:create',
      federationId,
      detail,
    });
  });
  // The token stands in the fragment, which browsers never send to a server.
  return { inviteId, token, url: `${options.publicUrl}/join#${token}`, expiresAtMs };
}
