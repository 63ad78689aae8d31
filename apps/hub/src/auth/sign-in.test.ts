import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '@roundtable/protocol';
import type { Store } from '../storage/store.ts';
import { openStore } from '../storage/sqlite-store.ts';
import { exampleFederation } from '../storage/testing/example-rows.ts';
import { createAuthority } from './authority.ts';
import { createInvite } from './invites.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { createSignIn, SIGN_IN_LINK_MS } from './sign-in.ts';
import type { SignIn } from './sign-in.ts';
import { tokenDigest } from './tokens.ts';

let store: Store;
let nowMs: number;
let signIn: SignIn;
beforeEach(() => {
  store = openStore(':memory:');
  nowMs = 1_000_000;
  signIn = createSignIn(store, () => nowMs, null);
});
afterEach(() => {
  store.close();
});

const invite = (
  role: 'viewer' | 'contributor',
  maxUses: number | null,
  personName: string | null = null,
  federationId = 'federation-1',
) => {
  if (store.federations.find(federationId) === null) {
    store.federations.insert(exampleFederation(federationId));
  }
  return createInvite(store, {
    federationId,
    request: { role, expiresInSeconds: 60, maxUses, personName },
    publicUrl: 'https://hub.example',
    actor: 'admin',
    nowMs,
  });
};

describe('sign-in links', () => {
  it('open an admin session once', () => {
    const token = signIn.issueSignInToken();
    expect(signIn.withToken(token)).toMatchObject({ role: 'admin', federationId: null });
    expect(signIn.withToken(token)).toMatchObject({ refused: true, reason: 'token-used' });
  });

  it('expire after a quarter of an hour', () => {
    const token = signIn.issueSignInToken();
    nowMs += SIGN_IN_LINK_MS;
    expect(signIn.withToken(token)).toMatchObject({ reason: 'token-expired' });
  });

  it('are refused when forged', () => {
    expect(signIn.withToken('A'.repeat(43))).toMatchObject({ reason: 'unauthenticated' });
  });
});

describe('invites', () => {
  it('carry their token in the fragment of the link', () => {
    const { url, token } = invite('contributor', null);
    expect(url).toBe(`https://hub.example/join#${token}`);
    expect(new URL(url).search).toBe('');
  });

  it('make one client each time, until the limit', () => {
    const { token } = invite('contributor', 2);
    const first = signIn.withInvite(token, 'Aiko', false) as Session;
    const second = signIn.withInvite(token, 'Ben', true) as Session;
    expect(first).toMatchObject({ role: 'contributor', federationId: 'federation-1' });
    expect(first.clientId).not.toBe(second.clientId);
    expect(signIn.withInvite(token, 'Chie', false)).toMatchObject({ reason: 'token-used' });
    const names = store.clients.list('federation-1').map(({ displayName }) => displayName);
    expect(names.sort()).toEqual(['Aiko', 'Ben']);
  });

  it('expire', () => {
    const { token } = invite('contributor', null);
    nowMs += 60_000;
    expect(signIn.withInvite(token, '', false)).toMatchObject({ reason: 'token-expired' });
    expect(store.clients.list('federation-1')).toEqual([]);
  });

  it('hold a viewer to the federation of the invite', () => {
    const { token } = invite('viewer', 1);
    const session = signIn.withInvite(token, '', false);
    expect(session).toMatchObject({ role: 'viewer', federationId: 'federation-1', clientId: null });
  });
});

describe('personal invites', () => {
  const redeem = (token: string, name = '', isSimulated = false) => {
    const session = signIn.withInvite(token, name, isSimulated) as Session;
    return store.clients.find(session.federationId!, session.clientId!)!;
  };

  it('make one client of one account, on every device and however often they are opened', () => {
    const { token } = invite('contributor', null, 'Aiko Sato');
    const [laptop, phone] = [redeem(token, 'whoever'), redeem(token, '', true)];
    expect(phone).toEqual(laptop);
    expect(laptop).toMatchObject({ displayName: 'Aiko Sato', isSimulated: false });
    expect(store.clients.list('federation-1')).toHaveLength(1);
  });

  it('give sessions of their own to each device', () => {
    const { token } = invite('contributor', null, 'Aiko Sato');
    const [one, two] = [1, 2].map(() => signIn.withInvite(token, '', false) as Session);
    signIn.signOut(tokenDigest(one!.token));
    const authority = createAuthority(store);
    expect(authority.sessionOf(two!.token, nowMs)).toMatchObject({ ok: true });
  });

  it('are for the same account in another federation, and the audit log says so', () => {
    const first = redeem(invite('contributor', null, 'Aiko Sato').token);
    const second = redeem(invite('contributor', 1, 'AIKO  sato', 'federation-2').token);
    expect(second.accountId).toBe(first.accountId);
    expect(second.clientId).not.toBe(first.clientId);
    const details = store.audit.list(null).map(({ detail }) => detail);
    expect(details[0]).toContain(`for Aiko Sato (new account ${first.accountId})`);
    expect(details[1]).toContain(`for Aiko Sato (existing account ${first.accountId})`);
  });

  it('bring her spending along to a new device, not that of others', () => {
    const aiko = redeem(invite('contributor', null, 'Aiko Sato').token);
    const ben = redeem(invite('contributor', null, 'Ben').token);
    store.spending.record(ben.accountId, 'federation-1', 1, nowMs);
    store.spending.record(aiko.accountId, 'federation-1', 1, nowMs);
    store.spending.record(aiko.accountId, 'federation-1', 2, nowMs);
    const again = redeem(invite('contributor', null, 'Aiko Sato').token);
    const spent = ({ accountId }: typeof aiko) =>
      store.spending.spentRounds(accountId, 'federation-1');
    expect([spent(aiko), spent(ben), spent(again)]).toEqual([2, 1, 2]);
  });

  it('do not help who comes by an open link: she may be any of them', () => {
    const aiko = redeem(invite('contributor', null, 'Aiko Sato').token);
    store.spending.record(aiko.accountId, 'federation-1', 1, nowMs);
    const anonymous = redeem(invite('contributor', null).token);
    expect(anonymous.accountId).not.toBe(aiko.accountId);
    expect(store.spending.spentRounds(anonymous.accountId, 'federation-1')).toBe(1);
  });

  it('of viewers make no account', () => {
    invite('viewer', 1, 'Aiko Sato');
    expect(store.accounts.findByName('Aiko Sato')).toBeNull();
  });
});

describe('sessions', () => {
  it('are found by token, expire, and end with sign-out', () => {
    const authority = createAuthority(store);
    const open = () => signIn.withToken(signIn.issueSignInToken()) as Session;
    const session = open();
    expect(authority.sessionOf(session.token, nowMs)).toMatchObject({ ok: true });
    expect(authority.sessionOf(session.token, session.expiresAtMs)).toEqual({
      ok: false,
      reason: 'token-expired',
    });
    signIn.signOut(tokenDigest(session.token));
    expect(authority.sessionOf(session.token, nowMs)).toEqual({
      ok: false,
      reason: 'unauthenticated',
    });
  });

  it('are not opened by what the database holds', () => {
    const session = signIn.withToken(signIn.issueSignInToken()) as Session;
    const authority = createAuthority(store);
    const stored = tokenDigest(session.token);
    expect(authority.sessionOf(stored, nowMs)).toMatchObject({ ok: false });
  });
});

describe('passwords', () => {
  it('open a session for the right user and password only', async () => {
    const passwordHash = await hashPassword('correct horse battery');
    const withPassword = createSignIn(store, () => nowMs, { user: 'root', passwordHash });
    const attempt = (user: string, password: string) => withPassword.withPassword(user, password);
    expect(await attempt('root', 'correct horse battery')).toMatchObject({ role: 'admin' });
    expect(await attempt('root', 'correct horse')).toMatchObject({ reason: 'unauthenticated' });
    expect(await attempt('other', 'correct horse battery')).toMatchObject({ refused: true });
    expect(await signIn.withPassword('root', 'correct horse battery')).toMatchObject({
      refused: true,
    });
  });

  it('have a hash of their own each time, and no other hash form is accepted', async () => {
    const [one, two] = await Promise.all([
      hashPassword('same password'),
      hashPassword('same password'),
    ]);
    expect(one).not.toBe(two);
    expect(await verifyPassword('same password', 'plain:same password')).toBe(false);
  });
});
