import { initialWeights } from '@roundtable/lora';
import { methodSettings } from '@roundtable/protocol';
import type { FederationSettings } from '@roundtable/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { NewFederation } from '../hub-types.ts';
import type { FederationRow } from '../storage/rows.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { joinAsClient, until } from '../testing/test-client.ts';
import { completed, testFederations } from '../testing/test-federations.ts';
import { tinyFederation } from '../testing/test-hub.ts';
import { TestReplay, zerothOrder } from '../testing/zeroth-order.ts';
import type { Evaluator } from './evaluator.ts';

const { started, sockets, closeAll } = testFederations();
afterEach(closeAll);

const cohort = { ...tinyFederation().settings.cohort, minimum: 2, target: 2 };

/** A source after one round, ended. */
async function source(
  overrides: Partial<FederationSettings> = {},
  options: { evaluator?: Evaluator } = {},
) {
  const blobs = memoryBlobStore();
  const around = await started({ ...overrides, cohort, rounds: 1 }, { ...options, blobs });
  await Promise.all([around.join(), around.join()]);
  await until('the source has ended', () => around.record().phase === 'stopped');
  const weights = (await around.test.hub.weights(around.federationId))!;
  const create = (changes: Partial<NewFederation>) =>
    around.test.hub.createFederation(
      { ...tinyFederation({ cohort }), startFrom: around.federationId, ...changes },
      'Aiko',
    );
  const created = async (changes: Partial<NewFederation>): Promise<FederationRow> => {
    const row = await create(changes);
    if ('refused' in row) throw new Error(row.detail);
    return row;
  };
  return { ...around, blobs, weights, create, created };
}

const other = (overrides: Partial<FederationSettings>): Partial<NewFederation> => ({
  settings: tinyFederation({ cohort, ...overrides }).settings,
});

describe('a federation that starts from another', () => {
  it('begins with its weights, of which clients get the same', async () => {
    const { test, weights, created, blobs, spec } = await source();
    expect(weights).not.toEqual(initialWeights(spec));
    const row = await created(other(zerothOrder()));
    const { federationId, settings } = row;
    expect(await test.hub.weights(federationId)).toEqual(weights);
    const terms = { federationId, settings, spec };
    const { weights: received } = await new TestReplay(terms, blobs).follow(row.adapter);
    expect(received).toEqual(weights);
  });

  it('trains on from there, and goes back to there', async () => {
    const { test, weights, created, spec } = await source();
    const { federationId } = await created(other({ ...zerothOrder(), rounds: 2 }));
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    const manifest = test.hub.manifest(federationId)!;
    for (let i = 0; i < 2; i += 1) {
      const admitted = test.admit(federationId);
      sockets.push((await joinAsClient(test.url, admitted, manifest, spec)).socket);
    }
    const record = () => test.hub.record(federationId)!;
    await until('its first round is over', () => completed(record()) >= 1);
    expect((await test.hub.weights(federationId, 1))!.loraB).not.toEqual(weights.loraB);
    await test.hub.act(federationId, { action: 'roll-back', round: 0 }, 'admin');
    await test.hub.act(federationId, { action: 'pause' }, 'admin');
    expect(await test.hub.weights(federationId, 0)).toEqual(weights);
    expect(test.errors).toEqual([]);
  });

  it('is scored before its first round as it starts, not as the base model', async () => {
    const scored: boolean[] = [];
    const evaluator: Evaluator = {
      evaluate: (_federationId, weights) => {
        scored.push(weights === null);
        return Promise.resolve({ loss: weights === null ? 2 : 1, accuracy: 0.5 });
      },
      forget: () => undefined,
    };
    const { test, created, record } = await source({}, { evaluator });
    expect(record().evalLossBefore).toBe(2);
    const { federationId } = await created({});
    await until(
      'its start was scored',
      () => test.hub.record(federationId)?.evalLossBefore !== null,
    );
    expect(test.hub.record(federationId)?.evalLossBefore).toBe(1);
    expect(scored).toEqual([true, false, false]);
  });

  it('stands in the audit log with whom it started from', async () => {
    const { test, federationId: from, created } = await source();
    const { federationId } = await created({});
    const lines = test.store.audit.list(federationId);
    expect(lines.map(({ actor, action, detail }) => [actor, action, detail])).toEqual([
      ['Aiko', 'federation:create', 'Tiny'],
      ['Aiko', 'federation:start-from', from],
    ]);
  });

  it('keeps what it needs when the other is deleted', async () => {
    const { test, federationId: from, weights, created, blobs } = await source();
    const { weightsSha256: kept } = await created({});
    const last = test.store.federations.find(from)!;
    expect(last.weightsSha256).toBe(kept);
    // Both at once: a start that is being read must not be taken away.
    const [row] = await Promise.all([created({}), test.hub.deleteFederation(from, 'admin')]);
    expect(test.hub.record(from)).toBeNull();
    expect(await blobs.get(last.adapter.sha256)).not.toBeNull();
    expect(await test.hub.weights(row.federationId)).toEqual(weights);
    await test.hub.deleteFederation(row.federationId, 'admin');
    expect(await blobs.get(kept)).not.toBeNull();
  });

  it('begins a budget of its own', async () => {
    const { test, federationId: from, record, created } = await source();
    const { accountId } = record().clients[0]!;
    const { federationId } = await created({});
    expect(test.store.spending.spentRounds(accountId, from)).toBe(1);
    expect(test.store.spending.spentRounds(accountId, federationId)).toBe(0);
  });
});

describe('a start from another federation is refused', () => {
  const { spec, baseModel, settings } = tinyFederation({ cohort });
  const files = [{ path: 'config.json', bytes: 2, sha256: '2'.repeat(64) }];

  it.each<[string, Partial<NewFederation>, RegExp]>([
    [
      'to another base model',
      { baseModel: { ...baseModel, id: 'huge' } },
      /baseModelId must be "tiny", got "huge"/,
    ],
    [
      'where the base model’s files have changed',
      { baseModel: { ...baseModel, files } },
      /files of base model tiny have changed/,
    ],
    ['to another rank', { spec: { ...spec, rank: 4 } }, /adapter\.rank must be 2, got 4/],
    ['to another scaling', { spec: { ...spec, alpha: 8 } }, /adapter\.alpha must be 4, got 8/],
    [
      'to another kind of start',
      { spec: { ...spec, aInit: 'kaiming' } },
      /adapter\.aInit must be orthonormal, got kaiming/,
    ],
    ['to another seed', { spec: { ...spec, aSeed: 'x' } }, /adapter\.aSeed must be "tiny"/],
    [
      'to other modules',
      { spec: { ...spec, targets: spec.targets.slice(1) } },
      /adapter\.modules must be model\.layers\.0.*, got model\.layers\.1/,
    ],
  ])('%s', async (_name, change, detail) => {
    const { test, create } = await source();
    expect(await create({ settings, ...change })).toMatchObject({
      reason: 'invalid-settings',
      detail: expect.stringMatching(detail) as string,
    });
    expect(test.store.federations.list()).toHaveLength(1);
  });

  it('to one that does not exist', async () => {
    const { create } = await source();
    expect(await create({ startFrom: 'f'.repeat(22) })).toMatchObject({
      reason: 'unknown-federation',
      detail: 'startFrom names no federation of this hub',
    });
  });

  it.each([
    ['FFA-LoRA', {}],
    ['zeroth order over B', zerothOrder()],
  ])('to %s, which sends no A, from one that moved A', async (_name, wanted) => {
    const { create } = await source(methodSettings({ name: 'fedsvd' }));
    expect(await create(other(wanted))).toMatchObject({
      reason: 'invalid-settings',
      detail: expect.stringMatching(
        /loraA must be that of the seed tiny, which is not sent/,
      ) as string,
    });
  });

  it('to no method that sends A', async () => {
    const { weights, created, test } = await source(methodSettings({ name: 'fedsvd' }));
    const tensor = 'model.layers.0.self_attn.o_proj.lora_A';
    for (const wanted of [
      { method: 'lora' as const },
      methodSettings({ name: 'fedsvd' }),
      zerothOrder({ weights: [tensor] }),
    ]) {
      const { federationId } = await created(other(wanted));
      expect(await test.hub.weights(federationId)).toEqual(weights);
    }
  });
});
