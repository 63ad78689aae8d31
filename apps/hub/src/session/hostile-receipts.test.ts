import { receiptSha256, signReceipt, verifyCountersignature } from '@roundtable/receipts';
import type { RoundReceipt, SignedReceipt } from '@roundtable/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRound, reasonOf } from '../testing/open-round.ts';
import type { OpenRound } from '../testing/open-round.ts';
import { ask, makeFrame, until } from '../testing/test-client.ts';
import { TestDevice } from '../testing/test-device.ts';

let open: OpenRound;
let frame: Uint8Array;
beforeAll(async () => {
  open = await openRound();
  frame = await makeFrame(open.manifest, open.spec, open.hostile.welcome.clientId, 1);
});
afterAll(() => open.close());

const draft = (device = open.hostile.device): Promise<RoundReceipt> =>
  device.draftFor({
    manifest: open.manifest,
    spec: open.spec,
    clientId: open.hostile.welcome.clientId,
    round: 1,
    adapterSha256: open.manifest.adapter.sha256,
    frame,
  });
const changed = async (change: Partial<RoundReceipt>): Promise<SignedReceipt> =>
  signReceipt(open.hostile.device.signer, { ...(await draft()), ...change });
const changedPrivacy = async (change: object): Promise<SignedReceipt> => {
  const { privacy } = await draft();
  return changed({ privacy: { ...privacy!, ...change } });
};
const submit = (receipt: SignedReceipt) => open.hostile.submit(1, frame, receipt);

describe('a receipt', () => {
  it.each<[string, () => Promise<SignedReceipt>, RegExp]>([
    ['of another hub', () => changed({ hubPublicKey: 'A'.repeat(87) }), /hubPublicKey/],
    ['of another federation', () => changed({ federationId: 'f'.repeat(22) }), /federationId/],
    [
      'of another client',
      () => changed({ clientId: open.honest.welcome.clientId }),
      /^clientId must be/,
    ],
    ['of another round', () => changed({ round: 2 }), /^round must be 1, got 2/],
    ['of another frame', () => changed({ frameSha256: '0'.repeat(64) }), /frameSha256/],
    ['of a longer frame', () => changed({ frameBytes: frame.length + 1 }), /frameBytes/],
    ['of another adapter', () => changed({ adapterSha256: '0'.repeat(64) }), /adapterSha256/],
    ['of another base model', () => changed({ baseModelId: 'other' }), /baseModelId/],
    ['of other bits', () => changed({ uploadBits: 4 }), /uploadBits must be 8, got 4/],
    ['without privacy', () => changed({ privacy: null }), /privacy must be null exactly/],
    ['of the other unit', () => changedPrivacy({ privacyUnit: 'client' }), /privacy\.privacyUnit/],
    ['of another clip', () => changedPrivacy({ clippingNorm: 2 }), /privacy\.clippingNorm/],
    ['of fewer releases', () => changedPrivacy({ count: 1 }), /privacy\.count must be 2, got 1/],
    ['of another δ', () => changedPrivacy({ delta: 1e-6 }), /privacy\.delta/],
    [
      'of more noise than was agreed',
      async () => {
        const { release } = (await draft()).privacy!;
        return changedPrivacy({ release: { ...release, noiseMultiplier: 8 } });
      },
      /privacy\.release/,
    ],
    [
      'that leaves out how the release may fail',
      async () => {
        const { kind, samplingRate, noiseMultiplier } = (await draft()).privacy!.release;
        const bare = { kind, samplingRate, noiseMultiplier, samplerFailure: 0.5 };
        return changedPrivacy({ release: bare });
      },
      /privacy\.release/,
    ],
    [
      'by a key that never joined',
      async () => {
        const foreign = await TestDevice.create();
        return foreign.sign(await draft(foreign));
      },
      /publicKey must be one with which this client joined/,
    ],
    [
      'by the key of another client',
      async () => {
        const { device } = open.honest;
        return signReceipt(device.signer, await draft(device));
      },
      /publicKey must be one with which this client joined/,
    ],
    [
      'in the name of a key that did not sign it',
      async () => {
        const foreign = await TestDevice.create();
        const signed = await foreign.sign(await draft());
        return { ...signed, publicKey: open.hostile.device.publicKey };
      },
      /signature/,
    ],
    [
      'changed after it was signed',
      async () => {
        const signed = await changed({});
        const { privacy } = signed.receipt;
        const receipt = { ...signed.receipt, privacy: { ...privacy!, epsilonTotal: 0 } };
        return { ...signed, receipt };
      },
      /signature/,
    ],
  ])('%s is refused, and nothing is taken', async (_name, make, detail) => {
    const answer = await submit(await make());
    expect(answer).toMatchObject({ refused: true, reason: 'bad-receipt' });
    expect(answer.refused && answer.detail).toMatch(detail);
    const { federationId, clientId } = { ...open, clientId: open.hostile.welcome.clientId };
    const { updates, receipts } = open.test.store;
    expect(updates.find(federationId, 1, clientId)).toBeNull();
    expect(receipts.find(federationId, 1, clientId)).toBeNull();
  });

  it.each<[string, (signed: SignedReceipt) => object]>([
    ['missing', () => ({})],
    ['with a field too many', (signed) => ({ receipt: { ...signed, examplesUsed: 300 } })],
    [
      'with an example count inside',
      (signed) => ({ receipt: { ...signed, receipt: { ...signed.receipt, examples: 3 } } }),
    ],
    ['with a short signature', (signed) => ({ receipt: { ...signed, signature: 'AA' } })],
  ])('%s is malformed', async (_name, partOf) => {
    const { federationId } = open;
    const message = { federationId, round: 1, ...partOf(await changed({})) };
    const answer = ask(open.hostile.socket, 'update:submit', message, frame);
    expect(await reasonOf(answer)).toBe('malformed');
  });

  it('refused before leaves the way open for the honest one, which the hub countersigns', async () => {
    const honest = await changed({});
    const answer = await submit(honest);
    if (answer.refused) throw new Error(answer.detail);
    const { hubPublicKey } = open.manifest;
    expect(await verifyCountersignature(honest, answer.countersignature, hubPublicKey)).toBe(true);
    expect(answer.countersignature.receiptSha256).toBe(await receiptSha256(honest));
    expect(await submit(honest)).toEqual({ ...answer, isDuplicate: true });
  });

  it('is told from the one that was countersigned when another comes with the same frame', async () => {
    const first = await submit(await changed({}));
    const second = await submit(await changed({ privacy: null }));
    if (first.refused || second.refused) throw new Error('a duplicate is acknowledged');
    expect(second.countersignature).toEqual(first.countersignature);
  });
});

describe('the receipt of a later round', () => {
  it('may not begin a second chain, nor branch off an earlier receipt, nor be the old one', async () => {
    const { hostile, honest, spec, manifest, test, federationId } = open;
    const { clientId } = hostile.welcome;
    // With the outsider gone, both are in every cohort.
    open.outsider.socket.close();
    const connected = () =>
      test.hub.record(federationId)!.clients.filter(({ isConnected }) => isConnected).length;
    await until('the outsider is gone', () => connected() === 2);
    await honest.submit(1, await makeFrame(manifest, spec, honest.welcome.clientId, 1));
    const submitRound = async (round: number, previousSha256: string | null) => {
      await until(`round ${round} is open`, () => hostile.announced.length === round);
      const later = await makeFrame(manifest, spec, clientId, round);
      const adapterSha256 = hostile.announced[round - 1]!.adapter.sha256;
      const subject = { manifest, spec, clientId, round, adapterSha256, frame: later };
      const receipt = { ...(await hostile.device.draftFor(subject)), previousSha256 };
      return hostile.submit(round, later, await signReceipt(hostile.device.signer, receipt));
    };
    const lastOf = () =>
      test.store.receipts.lastSha256(federationId, clientId, hostile.device.publicKey);
    const first = lastOf();
    expect(await submitRound(2, null)).toMatchObject({ reason: 'bad-receipt' });
    const replayed = test.store.receipts.find(federationId, 1, clientId)!.document!;
    const { countersignature: _, ...old } = replayed;
    const second = await makeFrame(manifest, spec, clientId, 2);
    expect(await hostile.submit(2, second, old)).toMatchObject({ reason: 'bad-receipt' });
    const foreign = test.store.receipts.find(federationId, 1, honest.welcome.clientId)!;
    expect(await submitRound(2, foreign.receiptSha256)).toMatchObject({ reason: 'bad-receipt' });
    expect(await submitRound(2, first)).toMatchObject({ refused: false });
    await honest.submit(2, await makeFrame(manifest, spec, honest.welcome.clientId, 2));
    expect(await submitRound(3, first)).toMatchObject({ reason: 'bad-receipt' });
    // One that the hub never saw, of an update that came too late, may stand between.
    expect(await submitRound(3, 'c'.repeat(64))).toMatchObject({ refused: false });
    expect(test.errors).toEqual([]);
  });
});
