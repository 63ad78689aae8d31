import { uploadFormat } from '@roundtable/methods';
import type { UploadFormat } from '@roundtable/methods';
import type { RoundReceipt, SignedReceipt, UpdateFrameHeader } from '@roundtable/protocol';
import { encodeIntegers } from '@roundtable/quantize';
import { signReceipt } from '@roundtable/receipts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRound, reasonOf } from '../testing/open-round.ts';
import type { OpenRound } from '../testing/open-round.ts';
import { makeFrame, until } from '../testing/test-client.ts';
import { zerothOrder } from '../testing/zeroth-order.ts';

let open: OpenRound;
let format: Extract<UploadFormat, { kind: 'grid' }>;
beforeAll(async () => {
  open = await openRound(zerothOrder());
  const found = uploadFormat(open.manifest.settings, open.spec);
  if (found.kind !== 'grid') throw new Error('scalars travel as integers');
  format = found;
});
afterAll(() => open.close());

interface Change {
  readonly header?: Partial<UpdateFrameHeader>;
  readonly payload?: Uint8Array;
}
const frameOf = (change: Change = {}, round = 1): Promise<Uint8Array> =>
  makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, round, change);
const submit = async (frame: Uint8Array, round = 1): Promise<string> =>
  reasonOf(open.hostile.submit(round, frame));
const integers = (values: Int32Array): Uint8Array =>
  encodeIntegers(values, format.grid.bytesPerValue);

describe('scalars', () => {
  it('are 8 integers on the wire: two steps along four directions', () => {
    expect(format).toMatchObject({ length: 8, blockSize: 0 });
    expect(open.test.hub.record(open.federationId)?.parameterCount).toBe(8);
  });

  it.each<[string, () => Change, string]>([
    ['of other bits', () => ({ header: { bits: format.bits === 32 ? 16 : 32 } }), 'wrong-bits'],
    ['in blocks of 8 bits', () => ({ header: { bits: 8, blockSize: 16 } }), 'wrong-bits'],
    [
      'in blocks of 8 bits, with their payload',
      () => ({ header: { bits: 8, blockSize: 16 }, payload: new Uint8Array(8 + 2) }),
      'wrong-bits',
    ],
    ['of another K', () => ({ header: { parameterCount: 10 } }), 'wrong-shape'],
    [
      'of another K under the agreed header',
      () => ({ payload: integers(new Int32Array(10)) }),
      'wrong-length',
    ],
    [
      'of one step only',
      () => ({ header: { parameterCount: 4 }, payload: integers(new Int32Array(4)) }),
      'wrong-shape',
    ],
    [
      'beyond what the noise can reach',
      () => ({ payload: integers(new Int32Array(8).fill(format.grid.maxMagnitude + 1, 3, 4)) }),
      'not-finite',
    ],
    [
      'that are all as large as one may be',
      () => ({ payload: integers(new Int32Array(8).fill(format.grid.maxMagnitude)) }),
      'norm-too-large',
    ],
    ['with an example count', () => ({ header: { sampleCount: 1 } }), 'malformed'],
    ['for another adapter', () => ({ header: { shapeDigest: '0'.repeat(64) } }), 'wrong-shape'],
    ['of a later round', () => ({ header: { round: 2 } }), 'wrong-round'],
  ])('%s are refused', async (_name, change, reason) => {
    expect(await submit(await frameOf(change()))).toBe(reason);
  });

  it('with a block size beside integers are refused', async () => {
    expect(await submit(await withBlockSize(await frameOf(), 16))).toBe('malformed');
  });
});

describe('the receipt of scalars', () => {
  const withPrivacy = async (
    change: (privacy: NonNullable<RoundReceipt['privacy']>) => object,
  ): Promise<[Uint8Array, SignedReceipt]> => {
    const frame = await frameOf();
    const { device } = open.hostile;
    const draft = await device.draftFor(open.hostile.subject(1, frame));
    const privacy = { ...draft.privacy!, ...change(draft.privacy!) };
    return [frame, await signReceipt(device.signer, { ...draft, privacy })];
  };

  it.each<[string, (privacy: NonNullable<RoundReceipt['privacy']>) => object, string]>([
    [
      'that calls its noise Laplace',
      ({ release }) => ({ release: { ...release, kind: 'laplace' } }),
      'privacy.release',
    ],
    ['of one release for both steps', () => ({ count: 1 }), 'privacy.count must be 2'],
    ['of a release for each direction', () => ({ count: 8 }), 'privacy.count must be 2'],
    ['of whole clients', () => ({ privacyUnit: 'client' }), 'privacy.privacyUnit'],
  ])('%s is refused', async (_name, change, detail) => {
    const [frame, receipt] = await withPrivacy(change);
    expect(await open.hostile.submit(1, frame, receipt)).toMatchObject({
      reason: 'bad-receipt',
      detail: expect.stringContaining(detail) as string,
    });
  });
});

describe('after all of that', () => {
  it('honest scalars are taken, and taken in no second round', async () => {
    const { test, federationId, hostile } = open;
    // With the outsider gone, both are in every cohort.
    open.outsider.socket.close();
    const connected = () =>
      test.hub.record(federationId)!.clients.filter(({ isConnected }) => isConnected).length;
    await until('the outsider is gone', () => connected() === 2);
    const replayed = await frameOf();
    for (const client of [open.hostile, open.honest]) {
      const frame = await makeFrame(open.manifest, open.spec, client.welcome.clientId, 1);
      expect(await client.submit(1, frame)).toMatchObject({ refused: false, isDuplicate: false });
    }
    await until('round 1 is completed', () => open.honest.closed.length === 1);
    expect(open.honest.closed[0]?.outcome).toBe('completed');
    await until('round 2 is open', () => hostile.announced.length === 2);
    expect(await submit(replayed, 2)).toBe('wrong-round');
    expect(await hostile.submit(1, replayed)).toMatchObject({ isDuplicate: true });
    expect(test.hub.record(federationId)?.rounds[0]?.accepted).toBe(2);
    expect(test.errors).toEqual([]);
  });
});

/** Of the header: u16, little-endian. */
const BLOCK_SIZE_AT = 8;

/** The frame with a block size that no encoder writes, and the checksum that goes with it. */
async function withBlockSize(frame: Uint8Array, blockSize: number): Promise<Uint8Array> {
  const changed = Uint8Array.from(frame);
  const body = changed.subarray(0, -32);
  new DataView(changed.buffer).setUint16(BLOCK_SIZE_AT, blockSize, true);
  changed.set(new Uint8Array(await crypto.subtle.digest('SHA-256', body)), body.length);
  return changed;
}
