import type { Receipt, ParticipantStore, WithheldReceipt } from '@roundtable/participant';
import { inMemoryParticipantStore } from '@roundtable/participant';
import { epsilonOf } from '@roundtable/privacy';
import { zerothOrderDefaults } from '@roundtable/protocol';
import type { CountersignedReceipt, FederationManifest, RoundReceipt } from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import {
  countersign,
  createSigner,
  receiptSha256,
  signReceipt,
  verifyReceiptFile,
} from '@roundtable/receipts';
import { beforeEach, describe, expect, it } from 'vitest';
import { routingLikeSettings } from '../../testing/settings.ts';
import type { WorkerEvent } from '../messages.ts';
import { checkReceipts, ReceiptDesk, sentReceipts } from './receipt-desk.ts';
import { receiptView } from './receipt-view.ts';

const release = { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 } as const;
const epsilonAfter = (rounds: number) =>
  epsilonOf([{ ...release, count: 4 * rounds, round: 1 }], 1e-5);

function receiptOf(hub: Signer, round: number, previousSha256: string | null): RoundReceipt {
  return {
    version: 1,
    hubPublicKey: hub.publicKey,
    federationId: 'federation1',
    clientId: 'client-0001',
    round,
    frameSha256: 'a'.repeat(64),
    frameBytes: 302,
    adapterSha256: 'b'.repeat(64),
    baseModelId: 'tiny',
    uploadBits: 8,
    privacy: {
      privacyUnit: 'example',
      clippingNorm: 1,
      release,
      count: 4,
      delta: 1e-5,
      epsilonRound: epsilonAfter(1),
      epsilonTotal: epsilonAfter(round),
    },
    previousSha256,
  };
}

async function twoRounds(hub: Signer, person: Signer): Promise<CountersignedReceipt[]> {
  const first = await signReceipt(person, receiptOf(hub, 1, null));
  const second = await signReceipt(person, receiptOf(hub, 2, await receiptSha256(first)));
  return [
    { ...first, countersignature: await countersign(hub, first, 1_000) },
    { ...second, countersignature: null },
  ];
}

const account = {
  federationId: 'federation1',
  epsilonRound: 1,
  epsilonTotal: 1,
  epsilonBroadcastRound: 1,
  delta: 1e-5,
};
const sent = (signed: CountersignedReceipt): Receipt => ({
  ...account,
  outcome: 'sent',
  round: signed.receipt.round,
  atMs: 1,
  examplesUsed: 9,
  signed,
});
const withheld: WithheldReceipt = {
  ...account,
  outcome: 'withheld',
  round: 3,
  atMs: 3,
  examplesUsed: null,
  cause: 'not-finite',
};

let hub: Signer;
let chain: CountersignedReceipt[];
let store: ParticipantStore;
let posted: WorkerEvent[];
let desk: ReceiptDesk;

beforeEach(async () => {
  hub = await createSigner();
  chain = await twoRounds(hub, await createSigner());
  store = inMemoryParticipantStore();
  for (const signed of chain) await store.appendReceipt(sent(signed));
  await store.appendReceipt(withheld);
  posted = [];
  const manifest: Pick<FederationManifest, 'federationId' | 'settings' | 'hubPublicKey'> = {
    federationId: 'federation1',
    settings: routingLikeSettings(),
    hubPublicKey: hub.publicKey,
  };
  desk = new ReceiptDesk(store, manifest, (event) => posted.push(event));
});

describe('the view of a withheld receipt', () => {
  it('names the noise of the settings: Gaussian, or Laplace where the zeroth order asks for it', () => {
    const zerothOrder = { ...zerothOrderDefaults, noise: 'laplace' } as const;
    const mechanisms = [{}, { zerothOrder }, { privacy: null }].map(
      (change) => receiptView(withheld, routingLikeSettings(change)).mechanism,
    );
    expect(mechanisms).toEqual(['gaussian', 'laplace', 'none']);
  });
});

describe('ReceiptDesk', () => {
  it('shows which rounds are countersigned, which not yet, and which sent nothing', async () => {
    await desk.show();
    const [event] = posted;
    const shown = event?.kind === 'receipts' ? event.receipts : [];
    expect(shown.map((r) => [r.round, r.outcome, r.countersignedAtMs, r.cause])).toEqual([
      [1, 'sent', 1_000, null],
      [2, 'sent', null, null],
      [3, 'withheld', null, 'not-finite'],
    ]);
    await desk.show();
    expect(posted).toHaveLength(1);
  });

  it('finds that an untouched chain holds', async () => {
    await desk.check();
    const check = { ok: true, receipts: 2, countersigned: 1, hubPublicKey: hub.publicKey };
    expect(posted).toEqual([{ kind: 'receipts-checked', check }]);
  });

  it('saves a file that verifies by itself and holds nothing that was not sent', async () => {
    await desk.save();
    const [event] = posted;
    const text = event?.kind === 'receipts-exported' ? event.text : '';
    expect((await verifyReceiptFile(text, { epsilonOf })).ok).toBe(true);
    expect(text).not.toMatch(/examplesUsed|withheld|not-finite/);
  });
});

describe('checkReceipts', () => {
  it('names the round whose content was changed', async () => {
    const [first, second] = chain;
    const forged = { ...second!, receipt: { ...second!.receipt, frameBytes: 303 } };
    const check = await checkReceipts([first!, forged], hub.publicKey);
    expect(check).toEqual({ ok: false, round: 2, fault: 'signature' });
  });

  it('refuses a chain of another hub, a missing link, and nothing at all', async () => {
    const other = await createSigner();
    expect(await checkReceipts(chain, other.publicKey)).toMatchObject({ fault: 'hub-key' });
    expect(await checkReceipts(chain.slice(1), hub.publicKey)).toMatchObject({ fault: 'chain' });
    expect(await checkReceipts([], hub.publicKey)).toMatchObject({ fault: 'empty' });
  });

  it('sorts what was sent by round', () => {
    const receipts = [...chain].reverse().map(sent);
    expect(sentReceipts(receipts).map(({ receipt }) => receipt.round)).toEqual([1, 2]);
  });
});
