import type { SpendingStatement } from '@roundtable/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { signSpending, verifySpending } from './signed-spending.ts';
import { createSigner } from './signer.ts';
import type { Signer } from './signer.ts';

let hub: Signer;
let statement: SpendingStatement;

beforeAll(async () => {
  hub = await createSigner();
  statement = {
    version: 1,
    hubPublicKey: hub.publicKey,
    accountId: 'account-ann',
    federations: [
      {
        federationId: 'federation-1',
        release: { kind: 'gaussian', samplingRate: 0.5, noiseMultiplier: 4 },
        releasesPerRound: 2,
        rounds: [[1, 3]],
        openingRounds: 0,
      },
    ],
  };
});

describe('signed spending', () => {
  it('verifies with the key of the hub that signed it', async () => {
    const signed = await signSpending(hub, statement);
    expect(await verifySpending(signed, hub.publicKey)).toBe(true);
    const { accountId, federations, hubPublicKey, version } = statement;
    const reordered = { federations, accountId, version, hubPublicKey };
    expect(await verifySpending({ ...signed, statement: reordered }, hub.publicKey)).toBe(true);
  });

  it('fails for less spending, another account, another hub, and anything malformed', async () => {
    const signed = await signSpending(hub, statement);
    const other = await createSigner();
    const forged = await signSpending(other, { ...statement, hubPublicKey: other.publicKey });
    const asOurs = { ...forged, statement };
    const cases: unknown[] = [
      { ...signed, statement: { ...statement, federations: [] } },
      { ...signed, statement: { ...statement, accountId: 'account-bob' } },
      { ...signed, statement: { ...statement, extra: 1 } },
      { ...signed, signature: signed.signature.slice(1) },
      forged,
      asOurs,
      null,
      'nonsense',
    ];
    for (const wrong of cases) expect(await verifySpending(wrong, hub.publicKey)).toBe(false);
    expect(await verifySpending(signed, other.publicKey)).toBe(false);
  });

  it('is not signed in the name of another hub', async () => {
    const other = await createSigner();
    await expect(signSpending(other, statement)).rejects.toThrow('hubPublicKey');
  });
});
