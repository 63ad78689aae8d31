import type { Refusal, UpdateFrameHeader } from '@roundtable/protocol';
import { PROTOCOL_VERSION, FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, connect, joinAsClient, makeFrame, until } from '../testing/test-client.ts';
import type { ClientSocket, TestClient } from '../testing/test-client.ts';
import { openSession, startTestHub, tinyFederation } from '../testing/test-hub.ts';
import type { TestHub } from '../testing/test-hub.ts';

const { spec, ...wanted } = tinyFederation({
  cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
});
const MAX_FRAME_BYTES = 100_000;
const PAYLOAD_BYTES = 32 + 2 * 2; // 32 codes of 8 bits, two blocks with a binary16 scale each

let test: TestHub;
let federationId: string;
let manifest: NonNullable<ReturnType<TestHub['hub']['manifest']>>;
/** A client of the open round that sends everything wrong, and one beside it that never notices. */
let hostile: TestClient;
let hostileId: string;
let honest: TestClient;
let honestId: string;
let outsider: TestClient;

beforeAll(async () => {
  test = await startTestHub({ limits: { maxFrameBytes: MAX_FRAME_BYTES } });
  const row = await test.hub.createFederation({ ...wanted, spec }, 'admin');
  if ('refused' in row) throw new Error(row.detail);
  ({ federationId } = row);
  manifest = test.hub.manifest(federationId)!;
  await test.hub.act(federationId, { action: 'start' }, 'admin');
  const first = test.admit(federationId);
  const second = test.admit(federationId);
  hostileId = first.clientId;
  honestId = second.clientId;
  hostile = await joinAsClient(test.url, first, manifest, spec, { isSilent: true });
  honest = await joinAsClient(test.url, second, manifest, spec, { isSilent: true });
  outsider = await joinAsClient(test.url, test.admit(federationId), manifest, spec, {
    isSilent: true,
  });
  await until('round 1 is open', () => honest.announced.length === 1);
});

afterAll(async () => {
  for (const { socket } of [hostile, honest, outsider]) socket.close();
  await test.close();
});

const reasonOf = async (answer: Promise<unknown>): Promise<string> => {
  const refused = (await answer) as Refusal;
  return refused.refused ? refused.reason : 'accepted';
};

async function handshakeReason(auth: Record<string, unknown>): Promise<string> {
  try {
    (await connect(test.url, '', auth)).close();
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
    const expired = openSession(test.store, 'contributor', federationId, hostileId, 1);
    expect(await handshakeReason({ protocolVersion: version, token: expired })).toBe(
      'token-expired',
    );
  });

  it('of a fifth socket of one session is refused', async () => {
    const { token: own } = test.admit(federationId);
    const sockets: ClientSocket[] = [];
    for (let i = 0; i < 4; i += 1) sockets.push(await connect(test.url, own));
    expect(await handshakeReason({ protocolVersion: version, token: own })).toBe('rate-limited');
    for (const socket of sockets) socket.close();
  });
});

describe('a request', () => {
  const join = { federationId: 'wrong-federation', consentVersion: '0'.repeat(64) };
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
    expect(await reasonOf(ask(hostile.socket, event, ...values))).toBe(reason);
  });

  it('with a field too many is refused', async () => {
    const message = { federationId, isReady: true, isAdmin: true };
    expect(await reasonOf(ask(hostile.socket, 'client:ready', message))).toBe('malformed');
  });

  it('with a text in place of the frame is refused', async () => {
    const message = { federationId, round: 1 };
    expect(await reasonOf(ask(hostile.socket, 'update:submit', message, 'AAAA'))).toBe('malformed');
    expect(await reasonOf(ask(hostile.socket, 'update:submit', message))).toBe('malformed');
  });

  it('before joining is refused', async () => {
    const socket = await connect(test.url, test.admit(federationId).token);
    const ready = { federationId, isReady: true };
    expect(await reasonOf(ask(socket, 'client:ready', ready))).toBe('forbidden');
    socket.close();
  });

  it('to join on outdated terms is refused', async () => {
    const socket = await connect(test.url, test.admit(federationId).token);
    const message = { federationId, consentVersion: '0'.repeat(64) };
    expect(await reasonOf(ask(socket, 'federation:join', message))).toBe('consent-outdated');
    socket.close();
  });

  it('of a contributor is refused to viewers and admins', async () => {
    const viewer = await connect(test.url, test.admit(federationId, 'viewer').token);
    const admin = await connect(test.url, test.adminToken());
    const frame = await makeFrame(manifest, spec, hostileId, 1);
    for (const socket of [viewer, admin]) {
      const answer = ask(socket, 'update:submit', { federationId, round: 1 }, frame);
      expect(await reasonOf(answer)).toBe('forbidden');
      socket.close();
    }
  });

  it('of a viewer for another federation is refused', async () => {
    const viewer = await connect(test.url, test.admit(federationId, 'viewer').token);
    const other = { federationId: 'another-federation' };
    expect(await reasonOf(ask(viewer, 'dashboard:watch', other))).toBe('forbidden');
    expect(await reasonOf(ask(viewer, 'dashboard:watch', { federationId: null }))).toBe('accepted');
    viewer.close();
  });
});

describe('a frame', () => {
  const good = (): Promise<Uint8Array> => makeFrame(manifest, spec, hostileId, 1);
  const submit = (frame: Uint8Array, round = 1): Promise<string> =>
    reasonOf(hostile.submit(round, frame));
  const withHeader = (header: Partial<UpdateFrameHeader>) =>
    makeFrame(manifest, spec, hostileId, 1, { header });
  const withScale = (bits: number): Promise<Uint8Array> => {
    const payload = new Uint8Array(PAYLOAD_BYTES);
    new DataView(payload.buffer).setUint16(2, bits, true);
    return makeFrame(manifest, spec, hostileId, 1, { payload });
  };

  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['of no bytes', () => Promise.resolve(new Uint8Array(0)), 'malformed'],
    ['of random bytes', () => Promise.resolve(new Uint8Array(500).fill(0xa5)), 'malformed'],
    ['cut short', async () => (await good()).slice(0, -1), 'wrong-length'],
    ['with a byte too many', async () => new Uint8Array([...(await good()), 0]), 'wrong-length'],
    ['with one bit flipped', () => good().then(flip(140)), 'checksum-mismatch'],
    ['of another version', () => good().then(flip(4)), 'protocol-version'],
    [
      'of another federation',
      () => withHeader({ federationId: 'f'.repeat(22) }),
      'unknown-federation',
    ],
    [
      'in the name of another client',
      () => withHeader({ clientId: honestId }),
      'wrong-participant',
    ],
    ['for another round', () => withHeader({ round: 2 }), 'wrong-round'],
    ['for another adapter', () => withHeader({ shapeDigest: '0'.repeat(64) }), 'wrong-shape'],
    ['of more parameters', () => withHeader({ parameterCount: 33 }), 'wrong-shape'],
    ['of other bits', () => withHeader({ bits: 4 }), 'wrong-bits'],
    ['of other blocks', () => withHeader({ blockSize: 32 }), 'wrong-bits'],
    [
      'with a longer payload',
      () => makeFrame(manifest, spec, hostileId, 1, { payload: new Uint8Array(PAYLOAD_BYTES + 1) }),
      'wrong-length',
    ],
    ['with NaN for a scale', () => withScale(0x7e00), 'not-finite'],
    ['with infinity for a scale', () => withScale(0x7c00), 'not-finite'],
    ['with a negative scale', () => withScale(0xbc00), 'not-finite'],
    [
      'a million times too large',
      () => makeFrame(manifest, spec, hostileId, 1, { scale: 1e5 }),
      'norm-too-large',
    ],
    ['of more bytes than any update', () => Promise.resolve(new Uint8Array(90_000)), 'too-large'],
  ])('%s is refused', async (_name, make, reason) => {
    expect(await submit(await make())).toBe(reason);
  });

  it('for a round that was never announced is refused', async () => {
    expect(await submit(await makeFrame(manifest, spec, hostileId, 7), 7)).toBe('wrong-round');
  });

  it('of a client outside of the cohort is refused', async () => {
    const message = { federationId, round: 1 };
    const frame = await makeFrame(manifest, spec, outsider.welcome.clientId, 1);
    expect(await reasonOf(ask(outsider.socket, 'update:submit', message, frame))).toBe(
      'not-in-cohort',
    );
  });

  it('copied from another client is refused', async () => {
    const frame = await makeFrame(manifest, spec, honestId, 1);
    expect(await submit(frame)).toBe('wrong-participant');
  });

  it('is counted by reason in the round and for the client', async () => {
    const record = test.hub.record(federationId)!;
    const round = record.rounds[0]!;
    const counted = Object.values(round.rejections).reduce((sum, n) => sum + n, 0);
    expect(round.rejected).toBe(counted);
    expect(round.rejections['not-finite']).toBe(3);
    expect(round.rejections['norm-too-large']).toBe(1);
    expect(record.clients.find((c) => c.clientId === hostileId)?.refusedUpdates).toBeGreaterThan(
      15,
    );
    await until('the refusals are stored', () =>
      test.store.counters
        .list()
        .some(
          ({ name, label, total }) => name === 'refusals' && label === 'not-finite' && total === 3,
        ),
    );
  });
});

/** Bytes below socket.io: each closes at most the connection that sent them. */
describe('a broken packet', () => {
  it.each<[string, string | Uint8Array]>([
    ['without a known type', '9'],
    ['that is no JSON', '2["client:ready",{'],
    ['that is no array', '2{"a":1}'],
    ['named disconnect', '2["disconnect"]'],
    ['with a number for an event', '2[5,{}]'],
    ['with an acknowledgement nobody asked for', '399[{}]'],
    ['that promises attachments', '51-["update:submit",{"_placeholder":true,"num":0}]'],
    ['that promises very many attachments', '5999999-["update:submit"]'],
    [
      'that names an attachment it does not have',
      '50-["update:submit",{"_placeholder":true,"num":5}]',
    ],
    ['of bytes that nobody announced', new Uint8Array([1, 2, 3])],
    ['for another namespace', '0/admin,{"token":"x"}'],
    ['larger than a frame may be', `2["client:ready","${'x'.repeat(MAX_FRAME_BYTES)}"]`],
  ])('%s leaves the hub and the others as they were', async (_name, packet) => {
    const socket = await connect(test.url, test.admit(federationId).token);
    const engine = socket.io.engine as unknown as { write(data: string | Uint8Array): void };
    engine.write(packet);
    const ready = { federationId, isReady: true };
    expect(await reasonOf(ask(honest.socket, 'client:ready', ready))).toBe('accepted');
    socket.close();
  });

  it('without an acknowledgement is survived', async () => {
    const emit = hostile.socket.emit.bind(hostile.socket) as (...args: unknown[]) => void;
    emit('update:submit', { federationId, round: 1 }, new Uint8Array(10));
    emit('nonsense');
    emit('client:ready', () => undefined, 'not a function');
    expect(await reasonOf(ask(hostile.socket, 'nonsense'))).toBe('unknown-event');
  });
});

describe('after all of that', () => {
  it('both clients finish their round, and the hub has logged no error', async () => {
    for (const [client, id] of [
      [hostile, hostileId],
      [honest, honestId],
    ] as const) {
      const frame = await makeFrame(manifest, spec, id, 1);
      expect(await client.submit(1, frame)).toMatchObject({ refused: false, isDuplicate: false });
    }
    await until('the round is completed', () => honest.closed.length === 1);
    expect(honest.closed[0]?.outcome).toBe('completed');
    expect(test.errors).toEqual([]);
  });

  it('a frame sent again is acknowledged again, other bytes for the same round are not', async () => {
    const frame = await makeFrame(manifest, spec, honestId, 1);
    expect(await honest.submit(1, frame)).toMatchObject({ refused: false, isDuplicate: true });
    const other = await makeFrame(manifest, spec, honestId, 1, { scale: 0.2 });
    expect(await reasonOf(honest.submit(1, other))).toBe('conflicting-update');
    expect(test.hub.record(federationId)?.rounds[0]?.accepted).toBe(2);
  });

  it('a first update for a closed round is refused', async () => {
    const frame = await makeFrame(manifest, spec, outsider.welcome.clientId, 1);
    expect(await reasonOf(outsider.submit(1, frame))).toBe('round-closed');
  });
});

function flip(at: number): (frame: Uint8Array) => Uint8Array {
  return (frame) => {
    const copy = frame.slice();
    copy[at]! ^= 2;
    return copy;
  };
}

it('an honest frame is only as long as its payload, header and checksum', async () => {
  const frame = await makeFrame(manifest, spec, honestId, 1);
  expect(frame.length).toBe(PAYLOAD_BYTES + FRAME_OVERHEAD_BYTES);
});
