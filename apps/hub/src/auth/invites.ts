import type { z } from 'zod';
import type { Invite, createInviteSchema } from '@roundtable/protocol';
import type { InviteRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { personalAccount } from './accounts.ts';
import { newId, newToken, tokenDigest } from './tokens.ts';

/**
 * Makes an invite and writes it to the audit log; the token itself is stored nowhere. With a person's name it is for
 * her account, which is made where the hub does not know that name yet.
 */
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
    const person = personOf(store, request, nowMs);
    const invite: InviteRow = {
      inviteId,
      tokenSha256: tokenDigest(token),
      federationId,
      role: request.role,
      accountId: person?.account.accountId ?? null,
      createdAtMs: nowMs,
      expiresAtMs,
      maxUses: request.maxUses,
      uses: 0,
      isRevoked: false,
    };
    store.invites.insert(invite);
    store.audit.append({
      atMs: nowMs,
      actor: options.actor,
      action: 'invite:create',
      federationId,
      detail: detailOf(invite, person),
    });
  });
  // The token stands in the fragment, which browsers never send to a server.
  return { inviteId, token, url: `${options.publicUrl}/join#${token}`, expiresAtMs };
}

type Person = ReturnType<typeof personalAccount> | null;

function personOf(
  store: Store,
  { role, personName }: z.infer<typeof createInviteSchema>,
  nowMs: number,
): Person {
  // Viewers have no budget, so nothing of theirs is bound to a person.
  if (personName === null || role === 'viewer') return null;
  return personalAccount(store, personName, nowMs);
}

function detailOf({ role, expiresAtMs, maxUses }: InviteRow, person: Person): string {
  const terms = `${role}, expires ${new Date(expiresAtMs).toISOString()}, uses ${maxUses ?? 'unlimited'}`;
  if (person === null) return terms;
  const { accountId, personName } = person.account;
  return `${terms}, for ${personName} (${person.isNew ? 'new' : 'existing'} account ${accountId})`;
}
