import type { Refusal } from '@roundtable/protocol';
import { PROTOCOL_VERSION } from '@roundtable/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRound, reasonOf } from '../testing/open-round.ts';
import type { OpenRound } from '../testing/open-round.ts';
import { ask, connect, makeFrame, until } from '../testing/test-client.ts';
import type { ClientSocket } from '../testing/test-client.ts';
import { openSession } from '../testing/test-hub.ts';

let open: OpenRound;
let federationId = '';
beforeAll(async () => {
  open = await openRound();
  ({ federationId } = open);
});
afterAll(() => open.close());

async function handshakeReason(auth: Record<string, unknown>): Promise<string> {
  try {
    (await connect(open.test.url, '', auth)).close();
    return 'accepted';
  } catch (error) {
    return (error as { data: Refusal }).data.reason;
  }
}

const token = 'x'.repeat(43);
const version = PROTOCOL_VERSION;

describe('a handshake', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['of another protocol version', { protocolVersion: version + 1, token }, 'protocol-version'],
    [
      'of another version with fields unknown here',
      { protocolVersion: 9, a: 1 },
      'protocol-version',
    ],
    ['without a token', { protocolVersion: version }, 'malformed'],
    ['without anything', {}, 'malformed'],
    ['with a forged token', { protocolVersion: version, token }, 'unauthenticated'],
    ['with a field too many', { protocolVersion: version, token, role: 'admin' }, 'malformed'],
    ['with an object for a token', { protocolVersion: version, token: {} }, 'malformed'],
  ])('%s is refused', async (_name, auth, reason) => {
    expect(await handshakeReason(auth)).toBe(reason);
  });

  it('with an expired token is refused', async () => {
    const expired = openSession(
      open.test.store,
      'contributor',
      federationId,
      open.hostile.welcome.clientId,
      1,
    );
    expect(await handshakeReason({ protocolVersion: version, token: expired })).toBe(
      'token-expired',
    );
  });

  it('beyond the sockets of one session takes the place of the oldest', async () => {
    const { token: own } = open.test.admit(federationId);
    const sockets: ClientSocket[] = [];
    for (let i = 0; i < 9; i += 1) sockets.push(await connect(open.test.url, own));
    await until('the oldest is closed', () => !sockets[0]!.connected);
    expect(sockets.slice(1).every(({ connected }) => connected)).toBe(true);
    for (const socket of sockets) socket.close();
  });
});

describe('a request', () => {
  const publicKey = 'A'.repeat(87);
  const join = { federationId: 'wrong-federation', consentVersion: '0'.repeat(64), publicKey };
  it.each<[string, string, unknown[], string]>([
    ['of an unknown event', 'federation:destroy', [{}], 'unknown-event'],
    ['named like a property of every object', 'constructor', [{}], 'unknown-event'],
    ['named __proto__', '__proto__', [{}], 'unknown-event'],
    ['named error', 'error', [new Error('x').message], 'unknown-event'],
    ['without a message', 'client:ready', [], 'malformed'],
    ['with a text for a message', 'client:ready', ['ready'], 'malformed'],
    ['with null for a message', 'client:ready', [null], 'malformed'],
    [
      'with a field of another type',
      'client:ready',
      [{ federationId: 1, isReady: 1 }],
      'malformed',
    ],
    [
      'with a value too many',
      'federation:leave',
      [{ federationId: 'a'.repeat(8) }, 1],
      'malformed',
    ],
    ['for another federation', 'federation:join', [join], 'unknown-federation'],
    [
      'for the dashboard by a contributor',
      'dashboard:watch',
      [{ federationId: null }],
      'forbidden',
    ],
  ])('%s is refused', async (_name, event, values, reason) => {
    expect(await reasonOf(ask(open.hostile.socket, event, ...values))).toBe(reason);
  });

  it('with a field too many is refused', async () => {
    const message = { federationId, isReady: true, isAdmin: true };
    expect(await reasonOf(ask(open.hostile.socket, 'client:ready', message))).toBe('malformed');
  });

  it('with a text in place of the frame is refused', async () => {
    const message = { federationId, round: 1 };
    expect(await reasonOf(ask(open.hostile.socket, 'update:submit', message, 'AAAA'))).toBe(
      'malformed',
    );
    expect(await reasonOf(ask(open.hostile.socket, 'update:submit', message))).toBe('malformed');
  });

  it('before joining is refused', async () => {
    const socket = await connect(open.test.url, open.test.admit(federationId).token);
    const ready = { federationId, isReady: true };
    expect(await reasonOf(ask(socket, 'client:ready', ready))).toBe('forbidden');
    socket.close();
  });

  it('to join on outdated terms is refused', async () => {
    const socket = await connect(open.test.url, open.test.admit(federationId).token);
    const message = { federationId, consentVersion: '0'.repeat(64), publicKey };
    expect(await reasonOf(ask(socket, 'federation:join', message))).toBe('consent-outdated');
    socket.close();
  });

  it('of a contributor is refused to viewers and admins', async () => {
    const viewer = await connect(open.test.url, open.test.admit(federationId, 'viewer').token);
    const admin = await connect(open.test.url, open.test.adminToken());
    const frame = await makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1);
    for (const socket of [viewer, admin]) {
      const answer = ask(socket, 'update:submit', { federationId, round: 1 }, frame);
      expect(await reasonOf(answer)).toBe('forbidden');
      socket.close();
    }
  });

  it('of a viewer for another federation is refused', async () => {
    const viewer = await connect(open.test.url, open.test.admit(federationId, 'viewer').token);
    const other = { federationId: 'another-federation' };
    expect(await reasonOf(ask(viewer, 'dashboard:watch', other))).toBe('forbidden');
    expect(await reasonOf(ask(viewer, 'dashboard:watch', { federationId: null }))).toBe('accepted');
    viewer.close();
  });
});
