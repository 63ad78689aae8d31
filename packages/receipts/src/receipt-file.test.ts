import type { CountersignedReceipt } from '@roundtable/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeReceiptFile, verifyReceiptFile } from './receipt-file.ts';
import { createSigner } from './signer.ts';
import type { Signer } from './signer.ts';
import { chainOf } from './testing/receipts.ts';

let hub: Signer;
let chain: CountersignedReceipt[];

beforeAll(async () => {
  hub = await createSigner();
  chain = await chainOf(hub, await createSigner(), [1, 2, 3], {}, [3]);
});

async function isAccepted(bytes: Uint8Array): Promise<boolean> {
  return (await verifyReceiptFile(new TextDecoder().decode(bytes))).ok;
}

describe('a receipt file', () => {
  it('verifies in canonical form and as JSON.stringify writes it', async () => {
    const texts = [
      encodeReceiptFile(chain),
      JSON.stringify(chain),
      `${JSON.stringify(chain, null, 2)}\n`,
    ];
    for (const text of texts) {
      const verdict = await verifyReceiptFile(text);
      expect(verdict).toMatchObject({ ok: true, chains: [{ countersigned: 2, missingLinks: 0 }] });
    }
  });

  it('fails after any byte of it was changed, in each of its spellings', async () => {
    const spellings = [encodeReceiptFile(chain), JSON.stringify(chain, null, 2)];
    for (const text of spellings) {
      const bytes = new TextEncoder().encode(text);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(bytes.length - 1),
          fc.integer({ min: 1, max: 255 }),
          async (at, change) => {
            const changed = bytes.map((byte, i) => (i === at ? byte ^ change : byte));
            expect(await isAccepted(changed)).toBe(false);
          },
        ),
        { numRuns: 400 },
      );
    }
  });

  it('fails where only the spelling was changed', async () => {
    const text = encodeReceiptFile(chain);
    const respelled = [
      text.replace('0.00001', '1e-5'),
      text.replace('1e-12', '1E-12'),
      text.replace('federation-1', 'federation\\u002d1'),
      text.replace('"round":1', '"round":1,"round":1'),
      ` ${text}`,
      `${text} `,
    ];
    for (const each of respelled) {
      expect(each).not.toBe(text);
      expect(await verifyReceiptFile(each)).toMatchObject({ ok: false, fault: 'spelling' });
    }
  });

  it('may be one receipt from the middle', async () => {
    const verdict = await verifyReceiptFile(JSON.stringify(chain[1]));
    expect(verdict).toMatchObject({ ok: true, chains: [{ missingLinks: 1 }] });
    expect(await verifyReceiptFile(JSON.stringify([chain[1]]))).toMatchObject({ fault: 'chain' });
  });

  it('may hold the chains of several participants, and names the position of a fault', async () => {
    const others = await chainOf(hub, await createSigner(), [1, 3], { clientId: 'client-bob' });
    const mixed = [chain[0]!, others[0]!, chain[1]!, others[1]!];
    const verdict = await verifyReceiptFile(encodeReceiptFile(mixed));
    expect(verdict.ok && verdict.chains.map(({ receipts }) => receipts.length)).toEqual([2, 2]);
    const shorter = encodeReceiptFile([chain[0]!, others[1]!, chain[1]!]);
    expect(await verifyReceiptFile(shorter)).toMatchObject({ index: 1, fault: 'chain' });
  });

  it('fails for anything that is no receipt file', async () => {
    for (const text of [
      '',
      'null',
      '[]',
      '[null]',
      '{}',
      '12',
      '"a"',
      '[[]]',
      '{"receipt":null}',
    ]) {
      expect(await verifyReceiptFile(text)).toMatchObject({ ok: false, fault: 'malformed' });
    }
  });
});
