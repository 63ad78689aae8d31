import type { CountersignedReceipt } from '@roundtable/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyReceiptChain } from './receipt-chain.ts';
import { countersign, signReceipt, verifyCountersignature } from './signed-receipt.ts';
import { createSigner } from './signer.ts';
import type { Signer } from './signer.ts';
import { chainOf, receiptOf } from './testing/receipts.ts';

let hub: Signer;
let ann: Signer;
let chain: CountersignedReceipt[];
const rounds = [1, 2, 5, 6];

beforeAll(async () => {
  hub = await createSigner();
  ann = await createSigner();
  chain = await chainOf(hub, ann, rounds);
});

async function faultOf(receipts: unknown, options = {}): Promise<unknown> {
  const verdict = await verifyReceiptChain(receipts, options);
  return verdict.ok ? 'none' : verdict.fault;
}

describe('a chain of receipts', () => {
  it('verifies as it was made, countersigned or not yet', async () => {
    expect(await verifyReceiptChain(chain)).toEqual({
      ok: true,
      receipts: chain,
      hubPublicKey: hub.publicKey,
      countersigned: 4,
      missingLinks: 0,
    });
    const waiting = await chainOf(hub, ann, rounds, {}, [2, 6]);
    expect(await verifyReceiptChain(waiting)).toMatchObject({ ok: true, countersigned: 2 });
  });

  it('fails after any of its receipts but the last ones was taken out', async () => {
    for (const removed of [0, 1, 2]) {
      expect(await faultOf(chain.filter((_, i) => i !== removed))).toBe('chain');
    }
  });

  it('fails in any other order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 }), async (order) => {
        const isPrefix = order.every((index, i) => index === i);
        const fault = await faultOf(order.map((index) => chain[index]));
        if (isPrefix) expect(fault).toBe('none');
        else expect(['chain', 'rounds']).toContain(fault);
      }),
      { numRuns: 40 },
    );
  });

  it('fails after a receipt was put in, even one signed and countersigned by the same keys', async () => {
    const signed = await signReceipt(ann, receiptOf(hub, { round: 3 }));
    const extra = { ...signed, countersignature: await countersign(hub, signed, 1) };
    expect(await faultOf([...chain.slice(0, 2), extra, ...chain.slice(2)])).toBe('chain');
    expect(await faultOf([...chain.slice(0, 2), chain[1], ...chain.slice(2)])).toBe('rounds');
  });

  it('fails with a countersignature that another key made, or that is for another receipt', async () => {
    const other = await createSigner();
    const [first] = chain;
    const forged = await countersign(other, first!, 1);
    const inOurName = { ...forged, hubPublicKey: hub.publicKey };
    const ofAnother = chain[1]!.countersignature;
    for (const countersignature of [forged, inOurName, ofAnother]) {
      expect(await faultOf([{ ...first, countersignature }])).toBe('countersignature');
    }
  });

  it('fails where the hub is not the one it was to be from', async () => {
    const other = await createSigner();
    expect(await faultOf(chain, { hubPublicKey: other.publicKey })).toBe('hub-key');
    expect(await faultOf(chain, { hubPublicKey: hub.publicKey })).toBe('none');
  });

  it('fails after its receipt was signed anew by somebody else', async () => {
    const eve = await createSigner();
    const signed = await signReceipt(eve, chain[0]!.receipt);
    const { countersignature } = chain[0]!;
    expect(await verifyCountersignature(signed, countersignature, hub.publicKey)).toBe(false);
    expect(await faultOf([{ ...signed, countersignature }])).toBe('countersignature');
    expect(await faultOf([{ ...chain[0], publicKey: eve.publicKey }])).toBe('signature');
    expect(await faultOf([{ ...signed, countersignature: null }, chain[1]])).toBe('mixed');
  });

  it('is of one federation, one client, one key', async () => {
    const elsewhere = await chainOf(hub, ann, [7], { federationId: 'federation-2' });
    const bob = await chainOf(hub, ann, [7], { clientId: 'client-bob' });
    const newKey = await chainOf(hub, await createSigner(), [7]);
    for (const others of [elsewhere, bob, newKey]) {
      expect(await faultOf([...chain, ...others])).toBe('mixed');
    }
  });

  it('fails for anything malformed, at its position', async () => {
    for (const hostile of [null, 1, 'receipts', {}, [], [null], [{}], [[chain[0]]]]) {
      expect(await verifyReceiptChain(hostile)).toMatchObject({ index: 0, fault: 'malformed' });
    }
    const { receipt } = chain[1]!;
    const empty = { ...chain[1], receipt: { ...receipt, frameBytes: 0 } };
    const more = { ...chain[1], receipt: { ...receipt, examples: 12 } };
    for (const wrong of [empty, more]) {
      const verdict = await verifyReceiptChain([chain[0], wrong]);
      expect(verdict).toMatchObject({ index: 1, fault: 'malformed' });
    }
  });
});

describe('a part of a chain', () => {
  it('is taken as such only where asked, and its missing links are counted', async () => {
    const part = [chain[1], chain[3]];
    expect(await faultOf(part)).toBe('chain');
    const verdict = await verifyReceiptChain(part, { isPartial: true });
    expect(verdict).toMatchObject({ ok: true, missingLinks: 2 });
  });

  it('never begins a second time', async () => {
    const signed = await signReceipt(ann, receiptOf(hub, { round: 3 }));
    const again = { ...signed, countersignature: null };
    expect(await faultOf([chain[0], again], { isPartial: true })).toBe('chain');
  });
});

describe('ε in receipts', () => {
  const delta = 1e-5;
  // Round costs of 1/4 that add up.
  const epsilonOf = (events: readonly unknown[]): number => 0.25 * events.length;

  it('is computed anew from the releases', async () => {
    // 0.25, 0.5, 1.25, 1.5: rounds 3 and 4 were spent and never sent
    expect(await faultOf(chain, { epsilonOf })).toBe('none');
    const twice = (events: readonly unknown[]): number => 0.5 * events.length;
    expect(await verifyReceiptChain(chain, { epsilonOf: twice })).toMatchObject({
      index: 0,
      fault: 'epsilon',
    });
  });

  it('fails where the total is less than its rounds cost, or falls', async () => {
    const privacy = { ...receiptOf(hub).privacy!, delta };
    const low = await chainOf(hub, ann, [1, 2], { privacy: { ...privacy, epsilonTotal: 0.3 } });
    expect(await faultOf(low)).toBe('none');
    expect(await faultOf(low, { epsilonOf })).toBe('epsilon');
    const less = await chainOf(hub, ann, [1], { privacy: { ...privacy, epsilonTotal: 0.2 } });
    expect(await faultOf(less)).toBe('epsilon');
  });

  it('is not looked for where nothing is protected', async () => {
    const open = await chainOf(hub, ann, rounds, { privacy: null });
    expect(await faultOf(open, { epsilonOf: () => Infinity })).toBe('none');
  });
});
