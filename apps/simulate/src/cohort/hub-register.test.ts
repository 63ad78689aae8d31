import { beforeAll, describe, expect, it } from 'vitest';
import type { CountersignedReceipt, SignedReceipt } from '@roundtable/protocol';
import {
  createSigner,
  signReceipt,
  verifyReceiptChain,
  verifySpending,
} from '@roundtable/receipts';
import { plannedRound } from '@roundtable/methods';
import { epsilonOf } from '@roundtable/privacy';
import { auditProfiles, auditSettings } from '../audit/audit-profile.ts';
import { federationSettings, specOf } from '../audit/one-run.ts';
import { HubRegister } from './hub-register.ts';

const LENGTH = 200;
const clientId = 'client-0001';
const federationId = 'simulation';
const spec = specOf(LENGTH);
const settings = federationSettings(auditSettings(auditProfiles.small, 1));
const frame = Uint8Array.of(1, 2, 3);
const frameSha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';

let register: HubRegister;
let signed: SignedReceipt;
let own: Awaited<ReturnType<typeof createSigner>>;
beforeAll(async () => {
  register = await HubRegister.create({ federationId, settings, spec });
  own = await createSigner();
  register.join(clientId, own.publicKey);
  const { event, count } = plannedRound(settings, spec)!;
  const { privacyUnit, clippingNorm, delta } = settings.privacy!;
  const epsilonRound = epsilonOf([{ ...event, count, round: 1 }], delta);
  signed = await signReceipt(own, {
    version: 1,
    hubPublicKey: register.publicKey,
    federationId,
    clientId,
    round: 1,
    frameSha256,
    frameBytes: 3,
    adapterSha256: '0'.repeat(64),
    baseModelId: 'canaries',
    uploadBits: 8,
    privacy: {
      ...{ privacyUnit, clippingNorm, release: event, count, delta },
      ...{ epsilonRound, epsilonTotal: epsilonRound },
    },
    previousSha256: null,
  });
});

const fault = (receipt: SignedReceipt) => register.fault(clientId, 1, frame, receipt);

describe('the register of a simulated hub', () => {
  it('finds nothing wrong with an honest receipt', async () => {
    expect(await fault(signed)).toBeNull();
  });

  it('names what is wrong with any other', async () => {
    const altered = (change: Partial<SignedReceipt['receipt']>) =>
      fault({ ...signed, receipt: { ...signed.receipt, ...change } });
    expect(await altered({ round: 2 })).toBe('round must be 1, got 2');
    expect(await altered({ frameBytes: 4 })).toBe('frameBytes must be 3, got 4');
    const cheaper = { ...signed.receipt.privacy!, count: 1 };
    expect(await altered({ privacy: cheaper })).toMatch(/^privacy must be/);
    expect(await altered({ privacy: null })).toMatch(/^privacy must be/);
    expect(await altered({ uploadBits: 4 })).toBe('signature is not that of publicKey');
    const { publicKey } = await createSigner();
    expect(await fault({ ...signed, publicKey })).toMatch(/^publicKey must be the one/);
  });

  it('books what it countersigns, and signs for it', async () => {
    const before = await register.spending(clientId);
    expect(before.statement.federations).toEqual([]);
    await register.accept(clientId, signed, 1_000);
    const spending = await register.spending(clientId);
    expect(await verifySpending(spending, register.publicKey)).toBe(true);
    expect(spending.statement.federations).toMatchObject([
      { federationId, releasesPerRound: settings.training.localSteps, rounds: [[1, 1]] },
    ]);
    const chain: readonly CountersignedReceipt[] = register.receipts(clientId);
    const { hubPublicKey } = signed.receipt;
    const verdict = await verifyReceiptChain(chain, {
      hubPublicKey,
      epsilonOf: (events, delta) => epsilonOf([...events], delta),
    });
    expect(verdict).toMatchObject({ ok: true, countersigned: 1 });
  });
});
