import type { UpdateFrameHeader } from '@roundtable/protocol';
import { PROTOCOL_VERSION, decodeUpdateFrame, encodeUpdateFrame } from '@roundtable/protocol';
import type { RoundReceipt } from '@roundtable/protocol';
import { createSigner } from '@roundtable/receipts';
import { expect, test } from '@playwright/test';
import { postSession } from './admin-api.ts';
import { HubProcess } from './hub.ts';
import { startCrowd } from './peers/crowd.ts';
import { connectRaw, handshakeReason, until } from './peers/raw-client.ts';
import { receiptFor } from './peers/receipts.ts';
import { updateFrames } from './traffic/recorded-traffic.ts';
import { RecordingProxy } from './traffic/recording-proxy.ts';
import { tinyPrivacy } from './tiny-settings.ts';

const parameters = 128;
const blockSize = 16;
const scaleBytes = (2 * parameters) / blockSize;
const nan = 0x7e00;
const infinity = 0x7c00;
const minusOne = 0xbc00;
const largest = 0x7bff;

/** Scales of all blocks (binary16 bits), then one code of 8 bits for each parameter. */
function payloadOf(scale: number, code: number, extraBytes = 0): Uint8Array {
  const payload = new Uint8Array(scaleBytes + parameters + extraBytes).fill(code, scaleBytes);
  const view = new DataView(payload.buffer);
  for (let at = 0; at < scaleBytes; at += 2) view.setUint16(at, scale, true);
  return payload;
}

function flipped(frame: Uint8Array, at: number): Uint8Array {
  return frame.map((byte, i) => (i === at ? byte ^ 1 : byte));
}

function withoutToken(response: Response): Promise<{ reason: string }> {
  return response.json() as Promise<{ reason: string }>;
}

test('every hostile input is refused with its reason while a federation runs and completes', async () => {
  const { hub, admin } = await HubProcess.start();
  const proxy = await RecordingProxy.start(hub.port);
  const cohort = {
    minimum: 2,
    target: 3,
    overSelection: 1,
    deadlineSeconds: 90,
    minimumFraction: 0.5,
  };
  const { federationId } = await admin.startFederation(
    { cohort, rounds: 2, privacy: tinyPrivacy },
    [{ input: 'invoice wrong', output: 'billing' }],
  );
  const invite = await admin.invite(federationId);
  const join = () =>
    postSession(hub.url, {
      kind: 'invite',
      token: invite.token,
      displayName: '',
      isSimulated: false,
    });
  const session = await join();
  const hostile = await connectRaw(hub.url, session.token);
  const manifest = await admin.manifest(federationId);
  const { consentVersion } = manifest;
  const signer = await createSigner();
  const terms = { federationId, consentVersion, publicKey: signer.publicKey };
  const ready = { federationId, isReady: true };

  // Out of order, and on other terms than the hub's.
  expect(await hostile.ask('client:ready', ready)).toBe('forbidden');
  expect(await hostile.ask('federation:join', { ...terms, consentVersion: '0'.repeat(64) })).toBe(
    'consent-outdated',
  );
  expect(await hostile.ask('federation:join', { ...terms, federationId: 'a'.repeat(22) })).toBe(
    'unknown-federation',
  );
  expect(await hostile.ask('federation:join', { ...terms, publicKey: 'A'.repeat(9) })).toBe(
    'malformed',
  );
  expect(await hostile.ask('federation:join', terms)).toBe('accepted');
  expect(await hostile.ask('client:ready', ready)).toBe('accepted');
  const crowd = await startCrowd(proxy.url, invite.token, 2);
  try {
    await until('the hostile client is asked for round 1', () => hostile.announced.length > 0);
    await until(
      'an honest update is on the wire',
      () => updateFrames(proxy.connections).length > 0,
    );
    const honest = updateFrames(proxy.connections)[0] ?? new Uint8Array();
    const decoded = await decodeUpdateFrame(honest);
    if (!decoded.ok) throw new Error(`the honest frame cannot be read: ${decoded.detail}`);

    const subject = {
      manifest,
      clientId: session.clientId ?? '',
      round: 1,
      adapterSha256: hostile.announced[0]?.adapter.sha256 ?? '',
      parameterCount: parameters,
    };
    const messageFor = async (frame: Uint8Array, changes: Partial<RoundReceipt> = {}) => ({
      federationId,
      round: 1,
      receipt: await receiptFor(signer, subject, frame, changes),
    });

    await test.step('frames', async () => {
      const header: UpdateFrameHeader = { ...decoded.header, clientId: session.clientId ?? '' };
      const frame = (changes: Partial<UpdateFrameHeader> = {}, payload = payloadOf(0, 0)) =>
        encodeUpdateFrame({ ...header, ...changes }, payload);
      const good = await frame();
      const bad: [string, Uint8Array, string][] = [
        ['no bytes', new Uint8Array(), 'malformed'],
        ['garbage', new Uint8Array(500).fill(0xa5), 'malformed'],
        ['cut short', good.slice(0, -1), 'wrong-length'],
        ['one bit flipped', flipped(good, good.length - 40), 'checksum-mismatch'],
        ['another version', flipped(good, 4), 'protocol-version'],
        ['another federation', await frame({ federationId: 'f'.repeat(22) }), 'unknown-federation'],
        ['the replay of an honest update', honest, 'wrong-participant'],
        ['another round', await frame({ round: 2 }), 'wrong-round'],
        ['another adapter', await frame({ shapeDigest: '0'.repeat(64) }), 'wrong-shape'],
        ['more parameters', await frame({ parameterCount: parameters + 1 }), 'wrong-shape'],
        ['other bits', await frame({ bits: 4 }), 'wrong-bits'],
        ['other blocks', await frame({ blockSize: 32 }), 'wrong-bits'],
        ['a longer payload', await frame({}, payloadOf(0, 0, 1)), 'wrong-length'],
        ['an example count', await frame({ sampleCount: 7 }), 'malformed'],
        ['NaN scales', await frame({}, payloadOf(nan, 1)), 'not-finite'],
        ['infinite scales', await frame({}, payloadOf(infinity, 1)), 'not-finite'],
        ['negative scales', await frame({}, payloadOf(minusOne, 1)), 'not-finite'],
        ['the code −128', await frame({}, payloadOf(0, 0x80)), 'not-finite'],
        ['a norm out of reach', await frame({}, payloadOf(largest, 127)), 'norm-too-large'],
        ['more bytes than any update', new Uint8Array(90_000), 'too-large'],
      ];
      for (const [name, bytes, reason] of bad) {
        const message = await messageFor(bytes);
        expect(await hostile.ask('update:submit', message, bytes), name).toBe(reason);
      }
      const late = { ...(await messageFor(good)), round: 9 };
      expect(await hostile.ask('update:submit', late, good)).toBe('wrong-round');
      const { rounds } = await admin.federation(federationId);
      expect(rounds[0]?.rejections).toMatchObject({
        'not-finite': 4,
        'norm-too-large': 1,
        'wrong-length': 2,
      });
      expect(rounds[0]?.state).toBe('training');
    });

    await test.step('receipts', async () => {
      const header = { ...decoded.header, clientId: subject.clientId };
      const frame = await encodeUpdateFrame(header, payloadOf(0, 0));
      const { receipt: honestReceipt } = await messageFor(frame);
      const stranger = await createSigner();
      const lie = { ...honestReceipt, receipt: { ...honestReceipt.receipt, frameBytes: 1 } };
      const bad: [string, unknown][] = [
        ['of another frame', (await messageFor(frame, { frameSha256: '0'.repeat(64) })).receipt],
        ['of another round', (await messageFor(frame, { round: 2 })).receipt],
        ['in a stranger’s name', (await messageFor(frame, { clientId: 'f'.repeat(22) })).receipt],
        ['without its noise', (await messageFor(frame, { privacy: null })).receipt],
        ['by a key that never joined', await receiptFor(stranger, subject, frame)],
        ['with another content than was signed', lie],
        ['with a forged signature', { ...honestReceipt, signature: 'A'.repeat(86) }],
      ];
      for (const [name, receipt] of bad) {
        const message = { federationId, round: 1, receipt };
        expect(await hostile.ask('update:submit', message, frame), name).toBe('bad-receipt');
      }
      const none = { federationId, round: 1 };
      expect(await hostile.ask('update:submit', none, frame), 'no receipt').toBe('malformed');
      const { rounds } = await admin.federation(federationId);
      expect(rounds[0]?.rejections['bad-receipt']).toBe(bad.length);
    });

    await test.step('messages', async () => {
      const bad: [string, unknown[], string][] = [
        ['federation:destroy', [{}], 'unknown-event'],
        ['__proto__', [{}], 'unknown-event'],
        ['client:ready', [], 'malformed'],
        ['client:ready', [null], 'malformed'],
        ['client:ready', [{ federationId: 1, isReady: 'yes' }], 'malformed'],
        ['client:ready', [{ ...ready, isAdmin: true }], 'malformed'],
        ['update:submit', [{ federationId, round: 1 }, 'AAAA'], 'malformed'],
        ['round:decline', [{ federationId, round: 1, reason: 'tired' }], 'malformed'],
        ['dashboard:watch', [{ federationId: null }], 'forbidden'],
      ];
      for (const [event, values, reason] of bad) {
        expect(await hostile.ask(event, ...values), event).toBe(reason);
      }
    });

    await test.step('handshakes and HTTP', async () => {
      const forged = 'x'.repeat(43);
      expect(
        await handshakeReason(hub.url, { protocolVersion: PROTOCOL_VERSION, token: forged }),
      ).toBe('unauthenticated');
      expect(await handshakeReason(hub.url, { protocolVersion: 99, token: forged })).toBe(
        'protocol-version',
      );
      expect(await handshakeReason(hub.url, {})).toBe('malformed');
      const actions = `${hub.url}/api/federations/${federationId}/actions`;
      const post = (token: string, body: string, url = actions) =>
        fetch(url, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        });
      const stop = JSON.stringify({ action: 'stop' });
      expect((await withoutToken(await post(session.token, stop))).reason).toBe('forbidden');
      expect((await withoutToken(await post(forged, stop))).reason).toBe('unauthenticated');
      expect((await post(admin.token, '{"action":')).status).toBe(400);
      expect((await post(admin.token, '{"action":"explode"}')).status).toBe(400);
      const used = new URL(await hub.signInUrl()).hash.slice(1);
      const signIn = JSON.stringify({ kind: 'sign-in', token: used });
      expect((await post('', signIn, `${hub.url}/api/sessions`)).ok).toBe(true);
      expect((await withoutToken(await post('', signIn, `${hub.url}/api/sessions`))).reason).toBe(
        'token-used',
      );
      expect((await fetch(`${hub.url}/api/blobs/..%2f..%2fhub.sqlite`)).ok).toBe(false);
    });

    await test.step('floods and packets that are no protocol at all', async () => {
      const flooder = await connectRaw(hub.url, (await join()).token);
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => flooder.ask('client:ready', ready)),
      );
      expect(answers).toContain('rate-limited');
      const engine = flooder.socket.io.engine as unknown as {
        write(data: string | Uint8Array): void;
      };
      engine.write('51-["update:submit",{"_placeholder":true,"num":0}]');
      engine.write(new Uint8Array([1, 2, 3]));
      flooder.socket.close();
      const giant = await connectRaw(hub.url, (await join()).token);
      const gone = new Promise((resolve) => giant.socket.once('disconnect', resolve));
      giant.socket.emit(
        'update:submit',
        { federationId, round: 1 },
        new Uint8Array(17 * 1024 * 1024),
      );
      await gone;
      expect(hub.isUp).toBe(true);
    });

    await test.step('replays', async () => {
      const header = { ...decoded.header, clientId: session.clientId ?? '' };
      const mine = await encodeUpdateFrame(header, payloadOf(0, 0));
      const other = await encodeUpdateFrame(header, payloadOf(0, 1));
      const message = await messageFor(mine);
      expect(await hostile.ask('update:submit', message, mine)).toBe('accepted');
      // The third update ends the round: what comes now is a duplicate of it, or late.
      expect(['duplicate', 'round-closed', 'wrong-round']).toContain(
        await hostile.ask('update:submit', message, mine),
      );
      expect(['conflicting-update', 'round-closed', 'wrong-round']).toContain(
        await hostile.ask('update:submit', await messageFor(other), other),
      );
    });
    hostile.socket.close();

    const record = await admin.until(
      federationId,
      'the federation is done',
      ({ phase }) => phase === 'stopped',
    );
    expect(record.rounds.map(({ state }) => state)).toEqual(['completed', 'completed']);
    expect(record.rounds[0]?.accepted).toBe(3);
    expect(record.rounds[1]?.accepted).toBe(2);
    expect(hub.isUp).toBe(true);
    expect(hub.log).not.toMatch(/"level":(50|60)/);
  } finally {
    hostile.socket.close();
    await crowd.stop();
    await proxy.close();
    await hub.close();
  }
});
