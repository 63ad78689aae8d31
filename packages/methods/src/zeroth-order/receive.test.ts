import { flatten, moveAlong, direction } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import type { ZerothOrderSettings } from '@roundtable/protocol';
import { describe, expect, it } from 'vitest';
import type { PublishedFile } from '../method.ts';

import {
  exampleSpec,
  exampleTerms,
  exampleUpdate,
  goldenReplayHashes,
  replayHashes,
  SmallHub,
} from '../testing/index.ts';
import { decodeScalarRecord, encodeScalarRecord } from './scalar-record.ts';
import type { ScalarRecord } from './scalar-record.ts';

const termsOf = (zerothOrder: Partial<ZerothOrderSettings> = {}, spec = exampleSpec) =>
  exampleTerms({ name: 'zeroth-order', zerothOrder: { directions: 4, ...zerothOrder } }, { spec });
const terms = termsOf();

async function hubAfter(rounds: number): Promise<SmallHub> {
  const hub = await SmallHub.start(terms);
  for (let i = 0; i < rounds; i += 1) await hub.complete(exampleUpdate(terms, `round-${i}`));
  return hub;
}
const receive = (hub: SmallHub, known: Parameters<typeof hub.method.receive>[2] = null) =>
  hub.method.receive(hub.head.published, hub.fetchFile, known);

describe('the replayed weights', () => {
  it('are the start moved along the public directions, step by step, by the rounded mean scalars', async () => {
    const hub = await SmallHub.start(terms);
    const mean = exampleUpdate(terms, 'one');
    await hub.complete(mean);
    const expected = new Float32Array(80);
    for (let step = 0; step < 3; step += 1) {
      for (let j = 0; j < 4; j += 1) {
        const z = direction(`federation-1/1/${step}/${j}`, 80, 'rademacher');
        // η/K = 0.25/4 of a sum divided by b = 12
        moveAlong(expected, z, (0.25 / 4) * Math.fround(mean[step * 4 + j]! / 12));
      }
    }
    expect(flatten((await receive(hub)).weights, ['B'])).toEqual(expected);
  });

  it('are pulled to the stage’s start first, at half the rate in the second stage', async () => {
    const staged = termsOf({ stages: { firstStageRounds: 1, proximal: 0.5 } });
    const hub = await SmallHub.start(staged);
    const updates = ['one', 'two', 'three'].map((seed) => exampleUpdate(staged, seed));
    for (const update of updates) await hub.complete(update);
    // 9 rounds, of which this is the third: 0.25·(1 − 0.8·2/8) = 0.2, halved in stage 2
    expect(decodeScalarRecord(hub.head.file).learningRate).toBeCloseTo(0.1, 15);
    const early = await SmallHub.start(staged);
    await early.complete(updates[0]!);
    const anchor = flatten(early.head.weights, ['B']);
    await early.complete(updates[1]!);
    const expected = flatten(early.head.weights, ['B']);
    for (let step = 0; step < 3; step += 1) {
      for (let i = 0; i < 80; i += 1) expected[i]! -= 0.1 * 0.5 * (expected[i]! - anchor[i]!);
      for (let j = 0; j < 4; j += 1) {
        const z = direction(`federation-1/3/${step}/${j}`, 80, 'rademacher');
        moveAlong(expected, z, (0.1 / 4) * Math.fround(updates[2]![step * 4 + j]! / 12));
      }
    }
    const found = flatten((await receive(hub)).weights, ['B']);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  it('have the hashes that every engine must find', async () => {
    expect(await replayHashes()).toEqual(goldenReplayHashes);
  });

  it('stay as they were where no tensor is named and outside the mask', async () => {
    const masked = termsOf({
      weights: ['layers.0.o_proj.lora_B'],
      mask: { share: 0.25, end: 'lowest', mode: 'normal' },
    });
    const hub = await SmallHub.start(masked);
    for (const seed of ['one', 'two']) await hub.complete(exampleUpdate(masked, seed));
    const { loraB } = (await receive(hub)).weights;
    expect(loraB[0]!.filter((value) => value !== 0)).toHaveLength(10); // a quarter of 40
    expect(loraB[1]!.every((value) => value === 0)).toBe(true);
  });
});

describe('what is fetched', () => {
  it('is the records that a client lacks, and nothing where it has all', async () => {
    const hub = await hubAfter(3);
    const known = await receive(hub);
    expect(hub.fetched).toHaveLength(4); // three rounds and the genesis
    for (const seed of ['a', 'b']) await hub.complete(exampleUpdate(terms, seed));
    hub.fetched.length = 0;
    const next = await receive(hub, known);
    expect(hub.fetched).toHaveLength(2);
    expect(await receive(hub, next)).toBe(next);
    expect(hub.fetched).toHaveLength(2);
  });

  it('is everything again for the state of another federation or method', async () => {
    const hub = await hubAfter(1);
    const other = await SmallHub.start({ ...terms, federationId: 'federation-2' });
    const { weights } = hub.head;
    for (const known of [await receive(other), { sha256: hub.head.published.sha256, weights }]) {
      hub.fetched.length = 0;
      await receive(hub, known);
      expect(hub.fetched).toHaveLength(2);
    }
  });

  it('has the same size for adapters of any size', async () => {
    const wide = exampleSpec.targets.map((target) => ({ ...target, outFeatures: 64 }));
    const large = termsOf({}, { ...exampleSpec, targets: wide });
    const hub = await SmallHub.start(large);
    await hub.complete(exampleUpdate(large, 'one'));
    expect(hub.head.file.length).toBe((await hubAfter(1)).head.file.length);
  });
});

describe('a start from other weights', () => {
  it('travels in the genesis, to the bit', async () => {
    const trained = (await hubAfter(2)).head.weights;
    const hub = await SmallHub.start(terms, trained);
    expect(hub.head.file).toHaveLength(104 + 4 * 80);
    await hub.complete(exampleUpdate(terms, 'one'));
    const received = await receive(hub);
    expect(received.weights).toEqual(hub.head.weights);
    expect(received.weights).not.toEqual(trained);
  });
});

/** Puts a changed record in the place of a hub's newest one. */
async function forge(hub: SmallHub, change: Partial<ScalarRecord>): Promise<PublishedFile> {
  const file = encodeScalarRecord({ ...decodeScalarRecord(hub.head.file), ...change });
  return (await hub.publish({ ...hub.head, file }, change.round ?? hub.head.published.round))
    .published;
}

describe('a log off the wire', () => {
  it.each<[string, Partial<ScalarRecord>, string]>([
    ['says another hash of the weights', { stateSha256: '0'.repeat(64) }, 'must have the SHA-256'],
    ['moves by another rate', { learningRate: 0.3 }, 'after round 3'],
    ['skips a completed round', { round: 9, completedRounds: 5 }, 'completedRounds must be 4'],
    ['counts a completed round twice', { completedRounds: 1 }, 'completedRounds must be 0'],
    ['is longer than the federation', { round: 20, completedRounds: 9 }, '< 9'],
    ['has scalars of fewer steps', { scalars: new Float32Array(8) }, 'sizeBytes must be 152'],
  ])('is refused where it %s', async (_, change, message) => {
    const hub = await hubAfter(3);
    const reference = await forge(hub, change);
    const answer = hub.method.receive(reference, hub.fetchFile, null);
    await expect(answer).rejects.toThrow(RangeError);
    await expect(hub.method.receive(reference, hub.fetchFile, null)).rejects.toThrow(message);
  });

  it('is refused where a record is called by another round, or follows one that is not there', async () => {
    const hub = await hubAfter(2);
    const { published } = hub.head;
    const renamed = { ...published, round: 7 };
    await expect(hub.method.receive(renamed, hub.fetchFile, null)).rejects.toThrow(
      'round must be 7',
    );
    const lost = await forge(hub, { previous: { ...published, sha256: '1'.repeat(64), round: 1 } });
    await expect(hub.method.receive(lost, hub.fetchFile, null)).rejects.toThrow(RangeError);
    const huge = await forge(hub, { previous: { ...published, sizeBytes: 2 ** 31, round: 1 } });
    await expect(hub.method.receive(huge, hub.fetchFile, null)).rejects.toThrow('sizeBytes');
  });

  it('is refused where the client’s own state stands at another place of it', async () => {
    const hub = await hubAfter(2);
    const known = await receive(hub);
    const previous = hub.head.published;
    await hub.complete(exampleUpdate(terms, 'next'));
    const reference = await forge(hub, { round: 9, completedRounds: 5, previous });
    const answer = hub.method.receive(reference, hub.fetchFile, known);
    await expect(answer).rejects.toThrow('must follow 2 after 2');
  });

  it('is refused where it begins with another number of values', async () => {
    const hub = await SmallHub.start(terms);
    const start = new Float32Array(79);
    const reference = await forge(hub, { start });
    await expect(hub.method.receive(reference, hub.fetchFile, null)).rejects.toThrow('sizeBytes');
  });

  it('is refused where the weights leave float32', async () => {
    const hub = await hubAfter(1);
    const scalars = new Float32Array(12).fill(3e38);
    const reference = await forge(hub, { scalars, learningRate: 4 });
    await expect(hub.method.receive(reference, hub.fetchFile, null)).rejects.toThrow('finite');
  });

  it('has no state for a mean that would leave float32', async () => {
    const hub = await hubAfter(0);
    const mean = new Float64Array(12).fill(1e45);
    await expect(hub.complete(mean)).rejects.toThrow('12 finite values');
  });

  it('reads from the hash of a file, not from its name', async () => {
    const hub = await hubAfter(1);
    const { published, file } = hub.head;
    expect(published.sha256).toBe(await sha256Hex(file));
  });
});
