import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_FRAME_BYTES, openRound, reasonOf } from '../testing/open-round.ts';
import type { OpenRound } from '../testing/open-round.ts';
import { ask, connect } from '../testing/test-client.ts';

let open: OpenRound;
let federationId = '';
beforeAll(async () => {
  open = await openRound();
  ({ federationId } = open);
});
afterAll(() => open.close());

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
    const socket = await connect(open.test.url, open.test.admit(federationId).token);
    const engine = socket.io.engine as unknown as { write(data: string | Uint8Array): void };
    engine.write(packet);
    const ready = { federationId, isReady: true };
    expect(await reasonOf(ask(open.honest.socket, 'client:ready', ready))).toBe('accepted');
    socket.close();
  });

  it('without an acknowledgement is survived', async () => {
    const emit = open.hostile.socket.emit.bind(open.hostile.socket) as (...args: unknown[]) => void;
    emit('update:submit', { federationId, round: 1 }, new Uint8Array(10));
    emit('nonsense');
    emit('client:ready', () => undefined, 'not a function');
    expect(await reasonOf(ask(open.hostile.socket, 'nonsense'))).toBe('unknown-event');
  });
});
