import type { UpdateFrameHeader } from '@roundtable/protocol';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRound, reasonOf } from '../testing/open-round.ts';
import type { OpenRound } from '../testing/open-round.ts';
import { makeFrame, until } from '../testing/test-client.ts';

const PAYLOAD_BYTES = 32 + 2 * 2; // 32 codes of 8 bits, two blocks with a binary16 scale each

let open: OpenRound;
let federationId = '';
beforeAll(async () => {
  open = await openRound();
  ({ federationId } = open);
});
afterAll(() => open.close());

describe('a frame', () => {
  const good = (): Promise<Uint8Array> =>
    makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1);
  const submit = (frame: Uint8Array, round = 1): Promise<string> =>
    reasonOf(open.hostile.submit(round, frame));
  const withHeader = (header: Partial<UpdateFrameHeader>) =>
    makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1, { header });
  const withScale = (bits: number): Promise<Uint8Array> => {
    const payload = new Uint8Array(PAYLOAD_BYTES);
    new DataView(payload.buffer).setUint16(2, bits, true);
    return makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1, { payload });
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
      () => withHeader({ clientId: open.honest.welcome.clientId }),
      'wrong-participant',
    ],
    ['for another round', () => withHeader({ round: 2 }), 'wrong-round'],
    ['for another adapter', () => withHeader({ shapeDigest: '0'.repeat(64) }), 'wrong-shape'],
    ['of more parameters', () => withHeader({ parameterCount: 33 }), 'wrong-shape'],
    ['of other bits', () => withHeader({ bits: 4 }), 'wrong-bits'],
    ['of other blocks', () => withHeader({ blockSize: 32 }), 'wrong-bits'],
    [
      'with a longer payload',
      () =>
        makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1, {
          payload: new Uint8Array(PAYLOAD_BYTES + 1),
        }),
      'wrong-length',
    ],
    ['with an example count', () => withHeader({ sampleCount: 1 }), 'malformed'],
    ['with NaN for a scale', () => withScale(0x7e00), 'not-finite'],
    ['with infinity for a scale', () => withScale(0x7c00), 'not-finite'],
    ['with a negative scale', () => withScale(0xbc00), 'not-finite'],
    [
      'a million times too large',
      () => makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1, { scale: 1e5 }),
      'norm-too-large',
    ],
    ['of more bytes than any update', () => Promise.resolve(new Uint8Array(90_000)), 'too-large'],
  ])('%s is refused', async (_name, make, reason) => {
    expect(await submit(await make())).toBe(reason);
  });

  it('for a round that was never announced is refused', async () => {
    expect(
      await submit(await makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 7), 7),
    ).toBe('wrong-round');
  });

  it('of a client outside of the cohort is refused', async () => {
    const frame = await makeFrame(open.manifest, open.spec, open.outsider.welcome.clientId, 1);
    expect(await reasonOf(open.outsider.submit(1, frame))).toBe('not-in-cohort');
  });

  it('copied from another client is refused', async () => {
    const frame = await makeFrame(open.manifest, open.spec, open.honest.welcome.clientId, 1);
    expect(await submit(frame)).toBe('wrong-participant');
  });

  it('is counted by reason in the round and for the client', async () => {
    const record = open.test.hub.record(federationId)!;
    const round = record.rounds[0]!;
    const counted = Object.values(round.rejections).reduce((sum, n) => sum + n, 0);
    expect(round.rejected).toBe(counted);
    expect(round.rejections['not-finite']).toBe(3);
    expect(round.rejections['norm-too-large']).toBe(1);
    expect(
      record.clients.find((c) => c.clientId === open.hostile.welcome.clientId)?.refusedUpdates,
    ).toBeGreaterThan(15);
    await until('the refusals are stored', () =>
      open.test.store.counters
        .list()
        .some(
          ({ name, label, total }) => name === 'refusals' && label === 'not-finite' && total === 3,
        ),
    );
  });
});

describe('after all of that', () => {
  it('both clients finish their round, and the hub has logged no error', async () => {
    for (const client of [open.hostile, open.honest]) {
      const frame = await makeFrame(open.manifest, open.spec, client.welcome.clientId, 1);
      expect(await client.submit(1, frame)).toMatchObject({ refused: false, isDuplicate: false });
    }
    await until('the round is completed', () => open.honest.closed.length === 1);
    expect(open.honest.closed[0]?.outcome).toBe('completed');
    expect(open.test.errors).toEqual([]);
  });

  it('a frame sent again is acknowledged again, other bytes for the same round are not', async () => {
    const frame = await makeFrame(open.manifest, open.spec, open.honest.welcome.clientId, 1);
    expect(await open.honest.submit(1, frame)).toMatchObject({ refused: false, isDuplicate: true });
    const other = await makeFrame(open.manifest, open.spec, open.honest.welcome.clientId, 1, {
      scale: 0.2,
    });
    expect(await reasonOf(open.honest.submit(1, other))).toBe('conflicting-update');
    expect(open.test.hub.record(federationId)?.rounds[0]?.accepted).toBe(2);
  });

  it('a first update for a closed round is refused', async () => {
    const frame = await makeFrame(open.manifest, open.spec, open.outsider.welcome.clientId, 1);
    expect(await reasonOf(open.outsider.submit(1, frame))).toBe('round-closed');
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
  const frame = await makeFrame(open.manifest, open.spec, open.honest.welcome.clientId, 1);
  expect(frame.length).toBe(PAYLOAD_BYTES + FRAME_OVERHEAD_BYTES);
});
