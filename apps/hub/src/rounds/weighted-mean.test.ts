import { shuffle, seededRandom } from '@roundtable/random';
import type { FederationManifest, FederationSettings } from '@roundtable/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_CEILINGS } from '../hub-types.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import type { UpdateRow } from '../storage/rows.ts';
import { reasonOf } from '../testing/open-round.ts';
import { joinAsClient, makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { startTestHub, tinyFederation } from '../testing/test-hub.ts';
import type { TestHub } from '../testing/test-hub.ts';
import { aggregateRound } from './aggregate.ts';
import { checkUpdate } from './check-update.ts';
import { prepareFederation } from './create-federation.ts';
import type { FederationDeps } from './federation-deps.ts';
import { getWeights } from './weights-blob.ts';

/** The clients' frames of round 1 with these example counts, stored, and their values. */
async function roundOf(sampleCounts: readonly number[], overrides: Partial<FederationSettings>) {
  const blobs = memoryBlobStore();
  const clock = { nowMs: () => 0 };
  const limits = { maxFrameBytes: 100_000 };
  const deps = { blobs, clock, limits, ceilings: DEFAULT_CEILINGS } as unknown as FederationDeps;
  const row = await prepareFederation(deps, tinyFederation(overrides));
  if ('refused' in row) throw new Error(row.detail);
  const manifest = row as unknown as FederationManifest;
  const updates: UpdateRow[] = [];
  const values: (Float32Array | Float64Array)[] = [];
  for (const [i, sampleCount] of sampleCounts.entries()) {
    const clientId = `client-000${i}`;
    const frame = await makeFrame(manifest, row.spec, clientId, 1, { header: { sampleCount } });
    const checked = await checkUpdate(row, clientId, 1, frame);
    if (!checked.ok) throw new Error(checked.detail);
    const { norm } = checked;
    values.push(checked.values);
    const [sha256, sizeBytes] = [await blobs.put(frame), frame.length];
    const identity = { federationId: row.federationId, round: 1, clientId };
    updates.push({ ...identity, sha256, sizeBytes, norm, sampleCount, acceptedAtMs: 0 });
  }
  const loraB = async (rows: readonly UpdateRow[]): Promise<number[]> => {
    const { weightsSha256 } = await aggregateRound(deps, row, {
      round: 1,
      completed: [],
      updates: rows,
    });
    const weights = await getWeights(blobs, weightsSha256, row.spec);
    return weights.loraB.flatMap((b) => [...b]);
  };
  return { updates, values, loraB };
}

describe('the mean of a round', () => {
  it('weighs updates by their example counts without differential privacy', async () => {
    const { updates, values, loraB } = await roundOf([1, 3, 28], { privacy: null });
    const [a, b, c] = values as [Float32Array, Float32Array, Float32Array];
    // B starts at zero, so after one round it is the mean; float32 rounds numbers below 1/16 to 2^-29
    (await loraB(updates)).forEach((found, i) => {
      expect(Math.abs(found - (a[i]! + 3 * b[i]! + 28 * c[i]!) / 32)).toBeLessThan(2 ** -28);
    });
  });

  it('has the same bits for any order of the updates, weights included', async () => {
    const { updates, loraB } = await roundOf([32, 1, 7, 19, 32], { privacy: null });
    const first = await loraB(updates);
    for (const seed of ['a', 'b', 'c', 'd']) {
      expect(await loraB(shuffle(seededRandom(seed), updates))).toEqual(first);
    }
  });

  it('weighs all updates alike under differential privacy', async () => {
    const { updates, values, loraB } = await roundOf([0, 0, 0], {});
    const [a, b, c] = values as [Float32Array, Float32Array, Float32Array];
    (await loraB(updates)).forEach((found, i) => {
      expect(Math.abs(found - (a[i]! + b[i]! + c[i]!) / 3)).toBeLessThan(2 ** -28);
    });
  });

  it.each([
    [{}, 1],
    [{ privacy: null }, 0],
    [{ privacy: null }, 33], // the public cap is 32
  ])('of settings %j does not take the count %i', async (overrides, sampleCount) => {
    await expect(roundOf([sampleCount], overrides)).rejects.toThrow(/sampleCount must be in/);
  });
});

describe('a federation without differential privacy', () => {
  let test: TestHub | null = null;
  let clients: TestClient[] = [];
  afterEach(async () => {
    for (const { socket } of clients) socket.close();
    clients = [];
    await test?.close();
  });

  it('takes counted updates over the wire and refuses one without a count', async () => {
    const open = (test = await startTestHub());
    const wanted = tinyFederation({ privacy: null, rounds: 1 });
    const row = await open.hub.createFederation(wanted, 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId, spec } = row;
    const manifest = open.hub.manifest(federationId)!;
    await open.hub.act(federationId, { action: 'start' }, 'admin');
    for (let i = 0; i < 3; i += 1) {
      const admitted = open.admit(federationId);
      clients.push(await joinAsClient(open.url, admitted, manifest, spec, { isSilent: true }));
    }
    await until('the round is announced', () => clients.every((c) => c.announced.length === 1));
    const submit = async (client: TestClient, sampleCount: number): Promise<string> => {
      const header = { sampleCount };
      const { clientId } = client.welcome;
      const frame = await makeFrame(manifest, spec, clientId, 1, { header });
      return reasonOf(client.submit(1, frame));
    };
    expect(await submit(clients[0]!, 0)).toBe('malformed');
    for (const [i, client] of clients.entries()) {
      expect(await submit(client, 1 + i)).toBe('accepted');
    }
    await until('the round is completed', () => clients[0]!.closed.length === 1);
    const stored = open.store.updates.listOfRound(federationId, 1);
    const counts = clients.map(
      ({ welcome }) => stored.find((u) => u.clientId === welcome.clientId)?.sampleCount,
    );
    expect(counts).toEqual([1, 2, 3]);
  });

  it('is not created where the sums of its rounds could not be exact', async () => {
    const open = (test = await startTestHub());
    const { settings, ...rest } = tinyFederation({ privacy: null });
    // 100 000 clients · 100 000 examples: more than 2^32 in weight
    const cohort = { ...settings.cohort, target: 100_000 };
    const training = { ...settings.training, maxExamplesPerStep: 100_000 };
    const wanted = { ...rest, settings: { ...settings, cohort, training } };
    expect(await open.hub.createFederation(wanted, 'admin')).toMatchObject({
      reason: 'invalid-settings',
      detail: expect.stringContaining('maxTotalWeight') as string,
    });
  });

  it('is not changed to a cohort whose sums could not be exact', async () => {
    const open = (test = await startTestHub());
    const { settings, ...rest } = tinyFederation({ privacy: null });
    const training = { ...settings.training, maxExamplesPerStep: 100_000 };
    const row = await open.hub.createFederation(
      { ...rest, settings: { ...settings, training } },
      'admin',
    );
    if ('refused' in row) throw new Error(row.detail);
    const cohort = { ...settings.cohort, target: 100_000 };
    const change = { action: 'change-next-round', cohort } as const;
    expect(await open.hub.act(row.federationId, change, 'admin')).toMatchObject({
      reason: 'invalid-settings',
    });
  });
});
