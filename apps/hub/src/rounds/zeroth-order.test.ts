import { decodeScalarRecord, federatedMethod } from '@roundtable/methods';
import type { FederationSettings, ZerothOrderSettings } from '@roundtable/protocol';
import { seededRandom, shuffle } from '@roundtable/random';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { tinyFederation } from '../testing/test-hub.ts';
import { TestReplay, zerothOrder } from '../testing/zeroth-order.ts';
import { aggregateRound } from './aggregate.ts';
import { getWeights } from './weights-blob.ts';

const { started, closeAll } = testFederations();
afterEach(closeAll);

const cohort = {
  minimum: 2,
  target: 2,
  overSelection: 1,
  deadlineSeconds: 600,
  minimumFraction: 1,
};

/** A federation of two honest clients, with its files. */
async function running(
  rounds: number,
  changes: Partial<ZerothOrderSettings> = {},
  overrides: Partial<FederationSettings> = {},
) {
  const blobs = memoryBlobStore();
  const settings = { ...zerothOrder(changes), cohort, rounds, ...overrides };
  const around = await started(settings, { blobs });
  const { federationId, manifest, spec, test } = around;
  const terms = { federationId, spec, settings: manifest.settings };
  const weightsOf = async (round?: number) => (await test.hub.weights(federationId, round))!;
  return { ...around, blobs, weightsOf, replay: () => new TestReplay(terms, blobs) };
}

/** Hands in the updates of silent clients, once the round is open. */
async function playRound(
  { manifest, spec, record }: Awaited<ReturnType<typeof running>>,
  clients: readonly TestClient[],
  round: number,
): Promise<void> {
  for (const client of clients) {
    await until(`round ${round} is open`, () => client.announced.at(-1)?.round === round);
    await client.submit(round, await makeFrame(manifest, spec, client.welcome.clientId, round));
  }
  await until(`round ${round} is over`, () => record().rounds[round - 1]?.endedAtMs != null);
}

describe('the zeroth order on the hub', () => {
  it('publishes a record for each round, from which everybody has the hub’s weights', async () => {
    const { join, record, replay, weightsOf, blobs } = await running(3);
    const always = replay();
    const start = await always.follow(record().adapter);
    expect(start.weights).toEqual(await weightsOf(0));
    await Promise.all([join(), join()]);
    await until('three rounds are over', () => completed(record()) === 3);
    for (const round of record().rounds) {
      expect((await always.follow(round.adapter!)).weights).toEqual(await weightsOf(round.round));
      // 8 scalars, whatever the adapter's size.
      expect(round.adapter!.sizeBytes).toBeLessThanOrEqual(4 * 8 + 256);
      expect(await blobs.sizeBytes(round.adapter!.sha256)).toBe(round.adapter!.sizeBytes);
    }
    expect(always.fetched).toBe(1 + 3);
    const late = replay();
    const found = await late.follow(record().adapter);
    expect(found.weights).toEqual(await weightsOf());
    expect(late.fetched).toBe(1 + 3);
    expect(found.weights.loraB).not.toEqual(start.weights.loraB);
    expect(found.weights.loraA).toEqual(start.weights.loraA);
  });

  it('goes on from the record of the round that it was rolled back to', async () => {
    // The second stage lasts two rounds and pulls to its start, which is an end that was not rolled back.
    const around = await running(4, { stages: { firstStageRounds: 1, proximal: 0.5 } });
    const { test, join, record, replay, weightsOf, federationId } = around;
    const clients = await Promise.all([join({ isSilent: true }), join({ isSilent: true })]);
    const play = (round: number) => playRound(around, clients, round);
    await play(1);
    await play(2);
    const ahead = replay();
    await ahead.follow(record().adapter);
    // Round 3, which is open, is abandoned.
    await test.hub.act(federationId, { action: 'roll-back', round: 1 }, 'admin');
    expect(record().adapter).toEqual(record().rounds[0]!.adapter);
    for (const round of [4, 5, 6]) await play(round);
    await until('it is over', () => record().phase === 'stopped');
    expect(clients[0].announced.at(-1)?.completedRounds).toBe(3);
    await until('all know the last adapter', () =>
      clients.every(({ closed }) => closed.at(-1)?.adapterSha256 === record().adapter.sha256),
    );
    const fresh = replay();
    expect((await fresh.follow(record().adapter)).weights).toEqual(await weightsOf());
    // The start, round 1 and the three rounds after those that were lost.
    expect(fresh.fetched).toBe(5);
    expect((await ahead.follow(record().adapter)).weights).toEqual(await weightsOf());
    expect(await weightsOf()).not.toEqual(await weightsOf(2));
    expect(test.errors).toEqual([]);
  });

  it('keeps every record for who comes late, and lets contributors fetch them', async () => {
    const { test, join, record, federationId } = await running(2);
    await Promise.all([join(), join()]);
    await until('it is over', () => record().phase === 'stopped');
    const files = [
      test.store.federations.find(federationId)!.initialAdapter,
      ...record().rounds.map(({ adapter }) => adapter!),
    ];
    for (const { sha256 } of files) {
      expect(test.store.federations.publishersOf(sha256)).toEqual([federationId]);
    }
  });

  it.each<[string, Partial<ZerothOrderSettings>]>([
    ['of Gaussian directions', { distribution: 'gaussian' }],
    ['of Laplace noise', { noise: 'laplace' }],
    ['over a masked half', { mask: { share: 0.5, end: 'lowest', mode: 'rank' } }],
    ['of one tensor', { weights: ['model.layers.1.self_attn.o_proj.lora_B'] }],
    ['of one A', { weights: ['model.layers.0.self_attn.o_proj.lora_A'] }],
    // The second stage begins after one round and pulls to where that round ended.
    ['in stages', { stages: { firstStageRounds: 1, proximal: 0.5 } }],
  ])('%s, is replayed to the same weights', async (_name, changes) => {
    const { join, record, replay, weightsOf, test } = await running(3, changes);
    await Promise.all([join(), join()]);
    await until('it is over', () => record().phase === 'stopped');
    const { weights } = await replay().follow(record().adapter);
    expect(weights).toEqual(await weightsOf());
    expect(weights).not.toEqual(await weightsOf(0));
    expect(test.errors).toEqual([]);
  });

  it.each<[string, Partial<FederationSettings>, object | null]>([
    ['nothing', { privacy: null }, null],
    [
      'whole clients, with one release over both steps',
      { privacy: { ...tinyFederation().settings.privacy!, privacyUnit: 'client' } },
      { privacyUnit: 'client', count: 1, release: { kind: 'gaussian' } },
    ],
  ])('protects %s where the admin says so', async (_name, overrides, expected) => {
    const { test, join, record, replay, weightsOf, federationId } = await running(2, {}, overrides);
    await Promise.all([join(), join()]);
    await until('it is over', () => record().phase === 'stopped');
    const { document } = test.store.receipts.list(federationId)[0]!;
    if (expected === null) expect(document?.receipt.privacy).toBeNull();
    else expect(document?.receipt.privacy).toMatchObject(expected);
    const { weights } = await replay().follow(record().adapter);
    expect(weights).toEqual(await weightsOf());
    expect(weights).not.toEqual(await weightsOf(0));
    expect(test.errors).toEqual([]);
  });

  it('writes into each record the learning rate that held for its round', async () => {
    const around = await running(3);
    const { test, join, record, blobs, federationId, replay, weightsOf } = around;
    const clients = await Promise.all([join({ isSilent: true }), join({ isSilent: true })]);
    await until('round 1 is open', () => clients.every(({ announced }) => announced.length === 1));
    const training = { learningRate: 0.25 };
    // While round 1 is open, it is trained at the rate that was announced for it.
    await test.hub.act(federationId, { action: 'change-next-round', training }, 'admin');
    for (const round of [1, 2, 3]) await playRound(around, clients, round);
    await until('it is over', () => record().phase === 'stopped');
    const files = record().rounds.map(({ adapter }) => blobs.get(adapter!.sha256));
    const rates = (await Promise.all(files)).map((file) => decodeScalarRecord(file!).learningRate);
    expect(rates).toEqual([1, 0.25, 0.25]);
    expect(clients[0].announced.map(({ learningRate }) => learningRate)).toEqual(rates);
    expect((await replay().follow(record().adapter)).weights).toEqual(await weightsOf());
  });
});

describe('a round of scalars', () => {
  it('is refused at creation where the hub would replay it for minutes', async () => {
    const { test } = await running(1);
    const { spec, settings } = tinyFederation(zerothOrder({ directions: 1_024 }));
    // B of two targets: 2 · 1,024 · rank 2 = 4,096 numbers.
    const targets = spec.targets.map((target) => ({ ...target, outFeatures: 1_024 }));
    const create = (localSteps: number) =>
      test.hub.createFederation(
        {
          ...tinyFederation(),
          spec: { ...spec, targets },
          settings: { ...settings, training: { ...settings.training, localSteps } },
        },
        'admin',
      );
    expect(await create(1_000)).toMatchObject({
      refused: true,
      reason: 'invalid-settings',
      detail: `localSteps · directions · parameters must be ≤ 4000000000, got ${1_000 * 1_024 * 4_096}`,
    });
    expect(await create(900)).not.toHaveProperty('refused');
  });

  it('makes the same record and the same weights, whatever the order and however often', async () => {
    const { test, join, record, federationId, blobs, spec, manifest } = await running(
      2,
      {},
      { cohort: { ...cohort, minimum: 4, target: 4 } },
    );
    const clients: TestClient[] = [];
    for (let i = 0; i < 4; i += 1) clients.push(await join({ isSilent: true }));
    await until('round 1 is open', () => clients[0]!.announced.length === 1);
    const before = test.store.federations.find(federationId)!;
    const ids = clients.map(({ welcome }) => welcome.clientId);
    const rows = await Promise.all(
      ids.map(async (clientId) => {
        const frame = await makeFrame(manifest, spec, clientId, 1);
        const [sha256, sizeBytes] = [await blobs.put(frame), frame.length];
        const counts = { sampleCount: 0, norm: 0, acceptedAtMs: 0 };
        return { federationId, round: 1, clientId, sha256, sizeBytes, ...counts };
      }),
    );
    const files = { store: test.store, blobs };
    const aggregate = (updates: typeof rows) =>
      aggregateRound(files, before, { round: 1, completed: [], updates });
    const first = await aggregate(rows);
    for (const seed of ['a', 'b', 'c']) {
      expect(await aggregate(shuffle(seededRandom(seed), rows))).toEqual(first);
    }
    // And so does the round itself, with the last client's update first.
    for (const client of clients.reverse()) {
      const { clientId } = client.welcome;
      await client.submit(1, await makeFrame(manifest, spec, clientId, 1));
    }
    await until('round 1 is over', () => completed(record()) === 1);
    expect(record().rounds[0]?.adapter).toEqual(first.adapter);
    const { weightsSha256 } = test.store.federations.find(federationId)!;
    expect(weightsSha256).toBe(first.weightsSha256);
    // The weights are those that the mean moves, and not the start.
    const { weights } = await federatedMethod(before).receive(
      first.adapter,
      async ({ sha256 }) => (await blobs.get(sha256))!,
      null,
    );
    expect(weights).toEqual(await getWeights(blobs, weightsSha256, spec));
  });
});
