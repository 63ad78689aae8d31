import { countersign, verifyReceiptFile, verifySpending } from '@roundtable/receipts';
import {
  ceilingsAnswerSchema,
  consentsAnswerSchema,
  federationManifestSchema,
  signedSpendingSchema,
} from '@roundtable/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CEILINGS } from '../hub-types.ts';
import { TestDevice } from '../testing/test-device.ts';
import { loadHubSigner } from '../auth/hub-key.ts';
import { startTestApp } from './testing/test-app.ts';
import type { TestApp } from './testing/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
});
afterAll(() => test.close());

const get = (url: string, headers: Record<string, string>) => test.app.inject({ url, headers });

describe('GET /api/ceilings', () => {
  it('says what the create form may offer, as the manifest does', async () => {
    const answer = await get('/api/ceilings', test.headers('viewer'));
    expect(ceilingsAnswerSchema.parse(answer.json())).toEqual(DEFAULT_CEILINGS);
    const url = `/api/federations/${test.federationId}/manifest`;
    const manifest = await get(url, test.headers('contributor'));
    expect(federationManifestSchema.parse(manifest.json()).ceilings).toEqual(DEFAULT_CEILINGS);
  });
});

describe('GET /api/account/spending', () => {
  it('gives each contributor her own record, signed, and no way to another', async () => {
    const { hub, federationId } = test;
    const { hubPublicKey } = hub.manifest(federationId)!;
    const plan = {
      release: { kind: 'gaussian', samplingRate: 1, noiseMultiplier: 4 },
      releasesPerRound: 1,
    } as const;
    hub.store.spending.putPlan(federationId, plan);
    const sessions = [test.session('contributor'), test.session('contributor')] as const;
    const accounts = sessions.map(
      ({ clientId }) => hub.store.clients.find(federationId, clientId!)!.accountId,
    );
    hub.store.spending.record(accounts[0]!, federationId, 7, 1);
    const spending = async (token: string, query = '') => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await get(`/api/account/spending${query}`, headers);
      expect(answer.headers['cache-control']).toBe('no-store');
      const signed = signedSpendingSchema.parse(answer.json());
      expect(await verifySpending(signed, hubPublicKey)).toBe(true);
      return signed.statement;
    };
    expect(await spending(sessions[0].token)).toEqual({
      version: 1,
      hubPublicKey,
      accountId: accounts[0],
      federations: [{ federationId, ...plan, rounds: [[7, 7]], openingRounds: 0 }],
    });
    const other = await spending(sessions[1].token, `?accountId=${accounts[0]}`);
    expect(other).toMatchObject({ accountId: accounts[1], federations: [] });
  });
});

describe('GET /api/federations/:id/consents', () => {
  it('lists who agreed to what and who withdrew, which the audit export holds too', async () => {
    const { federationId, hub } = test;
    const line = {
      ...{ atMs: 5, accountId: 'account-1', displayName: '山田' },
      consentVersion: '0'.repeat(64),
    };
    hub.store.consents.append({ ...line, federationId, action: 'given' });
    hub.store.consents.append({ ...line, federationId, action: 'withdrawn' });
    const headers = test.headers('admin');
    const answer = await get(`/api/federations/${federationId}/consents`, headers);
    const { consents } = consentsAnswerSchema.parse(answer.json());
    expect(consents).toEqual([
      { ...line, action: 'given' },
      { ...line, action: 'withdrawn' },
    ]);
    const audit = await get(`/api/federations/${federationId}/audit`, headers);
    expect(audit.json<{ consents: unknown[] }>().consents).toHaveLength(2);
  });
});

describe('GET /api/federations/:id/receipts', () => {
  it('is a file whose every receipt holds, and changed by a byte does not', async () => {
    const { federationId, hub } = test;
    const manifest = hub.manifest(federationId)!;
    const { spec } = hub.store.federations.find(federationId)!;
    const device = await TestDevice.create();
    const signer = await loadHubSigner(hub.store);
    for (const round of [1, 2]) {
      const subject = { manifest, spec, clientId: 'client-1', round };
      const frame = new Uint8Array([round]);
      const signed = await device.receiptFor({
        ...subject,
        frame,
        adapterSha256: manifest.adapter.sha256,
      });
      const countersignature = await countersign(signer, signed, 5);
      hub.store.receipts.insert({
        ...{ federationId, round, clientId: 'client-1', publicKey: device.publicKey },
        receiptSha256: countersignature.receiptSha256,
        acceptedAtMs: 5,
        document: { ...signed, countersignature },
      });
    }
    const answer = await get(`/api/federations/${federationId}/receipts`, test.headers('admin'));
    const { hubPublicKey } = manifest;
    const verdict = await verifyReceiptFile(answer.body, { hubPublicKey, isPartial: true });
    expect(verdict).toMatchObject({ ok: true, chains: [{ countersigned: 2, missingLinks: 0 }] });
    const forged = answer.body.replace('"frameBytes":1', '"frameBytes":2');
    expect(await verifyReceiptFile(forged, { isPartial: true })).toMatchObject({ ok: false });
    expect(answer.headers['content-disposition']).toContain(`${federationId}-receipts.json`);
  });
});
