import { epsilonOf } from '@roundtable/privacy';
import type { CountersignedReceipt, SignedReceipt } from '@roundtable/protocol';
import { sha256Hex } from '@roundtable/protocol';
import { createSigner, verifyReceiptChain, verifySignedReceipt } from '@roundtable/receipts';
import { describe, expect, it } from 'vitest';
import { bookingOf, manifestOf, plannedOf, Scene, settings } from './testing/scene.ts';

const lost = (): never => {
  throw new Error('no acknowledgement');
};

async function signedOf(scene: Scene): Promise<CountersignedReceipt[]> {
  const receipts = await scene.store.listReceipts('federation-1');
  return receipts.filter((receipt) => receipt.outcome === 'sent').map(({ signed }) => signed);
}

describe('receipts', () => {
  it('of several rounds are a chain that verifies with the accountant', async () => {
    const scene = await new Scene().joined();
    for (const round of [1, 2, 3]) await scene.play(round);
    const verdict = await verifyReceiptChain(await signedOf(scene), { epsilonOf });
    expect(verdict).toMatchObject({ ok: true, countersigned: 3 });
  });

  it('link over rounds whose update the hub never took, and over withheld ones', async () => {
    const scene = await new Scene().joined();
    await scene.play(1);
    scene.hub.answers.set('update:submit', lost);
    await scene.play(2);
    scene.hub.answers.clear();
    await scene.clock.until(() => scene.kind === 'waiting');
    scene.trainer.onBeforeStep = () => {
      throw new Error('device lost');
    };
    await scene.play(3);
    scene.trainer.onBeforeStep = () => undefined;
    await scene.clock.until(() => scene.kind === 'waiting');
    await scene.play(4);
    const signed = await signedOf(scene);
    expect(signed.map(({ receipt }) => receipt.round)).toEqual([1, 2, 4]);
    expect(signed.map(({ countersignature }) => countersignature !== null)).toEqual([
      true,
      false,
      true,
    ]);
    expect(await verifyReceiptChain(signed, { epsilonOf })).toMatchObject({ ok: true });
    // ε in total counts the withheld round too: four rounds of two releases
    const [, , last] = signed;
    const { release, delta, epsilonTotal } = last!.receipt.privacy!;
    expect(epsilonTotal).toBeCloseTo(epsilonOf([{ ...release, count: 8, round: 0 }], delta), 12);
  });

  it('tell the hub nothing of rounds that count only because another account had the same rows', async () => {
    const scene = new Scene();
    const { event, count } = plannedOf(settings);
    const earlier = bookingOf(1, [{ ...event, count, round: 1 }]);
    const { hubPublicKey } = manifestOf();
    await scene.store.ledger.update(hubPublicKey, () => ({ ...earlier, accountId: 'account-bob' }));
    await scene.joined();
    await scene.play(1);
    const [kept] = await scene.store.listReceipts('federation-1');
    const [signed] = await signedOf(scene);
    const epsilonOfRounds = (rounds: number): number =>
      epsilonOf([{ ...event, count: count * rounds, round: 0 }], 1e-5);
    expect(kept?.epsilonTotal).toBeCloseTo(epsilonOfRounds(2), 9);
    expect(signed?.receipt.privacy?.epsilonTotal).toBeCloseTo(epsilonOfRounds(1), 9);
  });

  it('go with their frame, signed before it leaves, and are the same ones after a crash', async () => {
    const scene = await new Scene().joined();
    scene.hub.answers.set('update:submit', lost);
    await scene.announce(1);
    await scene.clock.until(() => scene.frames().length === 1);
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    await scene.restart();
    scene.hub.answers.clear();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    const sent = scene.hub.of('update:submit').map(({ message }) => message['receipt']);
    expect(sent.length).toBeGreaterThan(1);
    const [first] = sent as SignedReceipt[];
    for (const receipt of sent) expect(receipt).toEqual(first);
    expect(await verifySignedReceipt(first)).toBe(true);
    expect(first?.receipt.frameSha256).toBe(await sha256Hex(scene.frames()[0]!));
    expect(await signedOf(scene)).toMatchObject([{ ...first, countersignature: {} }]);
  });

  it('are written down after a crash between the update and its receipt', async () => {
    const scene = new Scene();
    const append = scene.store.appendReceipt.bind(scene.store);
    Object.assign(scene.store, { appendReceipt: () => new Promise(() => undefined) });
    await scene.joined();
    await scene.announce(1);
    await scene.clock.settle();
    expect(scene.frames()).toEqual([]);
    Object.assign(scene.store, { appendReceipt: append });
    scene.hub.round = { announcement: await scene.announcement(1), isSubmitted: false };
    await scene.restart();
    await scene.clock.until(() => scene.participant.state().acceptedRounds === 1);
    expect(scene.trainer.tasks).toEqual([]);
    expect(await signedOf(scene)).toHaveLength(1);
  });

  it('keep their place in the chain after such a crash, even if the round is over by then', async () => {
    const scene = new Scene();
    const append = scene.store.appendReceipt.bind(scene.store);
    Object.assign(scene.store, { appendReceipt: () => new Promise(() => undefined) });
    await scene.joined();
    await scene.announce(1);
    await scene.clock.settle();
    const pending = await scene.store.loadPendingUpdate('federation-1');
    Object.assign(scene.store, { appendReceipt: append });
    await scene.restart();
    await scene.clock.until(() => scene.kind === 'waiting');
    await scene.play(2);
    const [second] = await signedOf(scene);
    const chain = [pending?.receipt.signed, second];
    expect(await verifyReceiptChain(chain)).toMatchObject({ ok: true });
  });

  it('keep no countersignature of anybody else, and the person is told', async () => {
    const scene = await new Scene().joined();
    const hub = scene.hub.countersigner;
    scene.hub.countersigner = await createSigner();
    await scene.play(1);
    expect(scene.participant.state()).toMatchObject({
      acceptedRounds: 1,
      uncountersigned: { round: 1 },
      activity: { kind: 'waiting' },
    });
    expect(await signedOf(scene)).toMatchObject([{ countersignature: null }]);
    scene.hub.countersigner = hub;
    await scene.play(2);
    expect(scene.participant.state().acceptedRounds).toBe(2);
    expect(await verifyReceiptChain(await signedOf(scene))).toMatchObject({ countersigned: 1 });
  });

  it('keep no countersignature that is for another receipt', async () => {
    const scene = await new Scene().joined();
    await scene.play(1);
    const [first] = await signedOf(scene);
    scene.hub.answers.set('update:submit', async ({ frame }) => ({
      refused: false,
      sha256: await sha256Hex(frame!),
      isDuplicate: false,
      countersignature: first!.countersignature,
    }));
    await scene.play(2);
    expect(scene.participant.state().uncountersigned).toMatchObject({ round: 2 });
    expect((await signedOf(scene))[1]?.countersignature).toBeNull();
  });
});
