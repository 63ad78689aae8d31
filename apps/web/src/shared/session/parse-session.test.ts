import { sessionSchema } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import { parseSession } from './parse-session.ts';

const session = {
  token: 'abcdefghijklmnop',
  role: 'contributor',
  federationId: 'federation1',
  clientId: 'client123',
  expiresAtMs: 5,
};

describe('parseSession', () => {
  it('takes what the protocol calls a session', () => {
    expect(parseSession(session)).toEqual(sessionSchema.parse(session));
    const admin = { ...session, role: 'admin', federationId: null, clientId: null };
    expect(parseSession(admin)).toEqual(sessionSchema.parse(admin));
  });

  it.each([
    null,
    'text',
    { ...session, token: 'short' },
    { ...session, role: 'owner' },
    { ...session, federationId: 7 },
    { ...session, expiresAtMs: null },
  ])('refuses %j, as the protocol does', (value) => {
    expect(parseSession(value)).toBeNull();
    expect(sessionSchema.safeParse(value).success).toBe(false);
  });
});
