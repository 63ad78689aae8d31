import { looksLikeUpdateFrame } from '@roundtable/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import type { BlobStore } from '../storage/blob-store.ts';
import { openStore } from '../storage/sqlite-store.ts';
import { ask, joinAsClient, makeFrame, until } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { startTestHub, tinyFederation } from '../testing/test-hub.ts';
import type { TestHub } from '../testing/test-hub.ts';

let open: TestHub | null = null;
let clients: TestClient[] = [];
afterEach(async () => {
  for (const { socket } of clients) socket.close();
  clients = [];
  await open?.close();
  open = null;
});

/** Everything that a crash leaves, as one process would find it: the database in memory and these blobs. */
function disk() {
  const blobs = memoryBlobStore();
  const real = openStore(':memory:');
  // The next hub opens what the last one closed.
  const store = { ...real, close: () => undefined };
  return { blobs, store };
}

const wanted = tinyFederation({
  rounds: 2,
  cohort: { minimum: 2, target: 2, overSelection: 1, deadlineSeconds: 600, minimumFraction: 1 },
});

async function joinTwo(test: TestHub, federationId: string): Promise<void> {
  const manifest = test.hub.manifest(federationId)!;
  for (let i = 0; i < 2; i += 1) {
    const admitted = test.admit(federationId);
    const how = { isSilent: true };
    clients.push(await joinAsClient(test.url, admitted, manifest, wanted.spec, how));
  }
}

const frameOf = (test: TestHub, federationId: string, client: TestClient, round: number) =>
  makeFrame(test.hub.manifest(federationId)!, wanted.spec, client.welcome.clientId, round);

describe('a hub that starts after a crash', () => {
  it('deletes the frames of closed rounds and those without a row, and nothing else', async () => {
    const { store, blobs } = disk();
    // Dying right after a round closed: none of its frames is deleted in time.
    const dying: BlobStore = { ...blobs, delete: () => Promise.resolve() };
    const test = (open = await startTestHub({ store, blobs: dying }));
    const row = await test.hub.createFederation(wanted, 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId } = row;
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    await joinTwo(test, federationId);
    const [first, second] = clients as [TestClient, TestClient];
    await until('round 1 is announced', () => second.announced.length === 1);
    const closed: string[] = [];
    for (const client of clients) {
      const frame = await frameOf(test, federationId, client, 1);
      await client.submit(1, frame);
      closed.push(await blobs.put(frame));
    }
    await until('round 2 is announced', () => second.announced.length === 2);
    // Round 2 stays open with one accepted frame; another frame is on disk, its row is not.
    const accepted = await frameOf(test, federationId, first, 2);
    await first.submit(2, accepted);
    const kept = await blobs.put(accepted);
    const unacknowledged = await frameOf(test, federationId, second, 2);
    const orphan = await blobs.put(unacknowledged);
    const foreign = await blobs.put(new TextEncoder().encode('no frame'));
    const before = await blobs.list();
    const { clientId } = second.welcome;
    for (const { socket } of clients) socket.close();
    await test.close();

    const again = (open = await startTestHub({ store, blobs }));
    const gone = [...closed, orphan];
    await until('the frames are gone', async () => {
      const names = await blobs.list();
      return gone.every((name) => !names.includes(name));
    });
    expect(new Set(await blobs.list())).toEqual(
      new Set(before.filter((name) => !gone.includes(name))),
    );
    expect(await blobs.list()).toEqual(expect.arrayContaining([kept, foreign]));
    expect(await again.hub.weights(federationId)).not.toBeNull();
    expect(await again.hub.weights(federationId, 0)).not.toBeNull();
    expect(again.errors).toEqual([]);
    expect(store.updates.find(federationId, 2, clientId)).toBeNull();
  });

  it('takes no update before it has swept, so that no fresh frame is taken for an old one', async () => {
    const { store, blobs } = disk();
    let endListing: () => void = () => undefined;
    const listing = new Promise<void>((resolve) => (endListing = resolve));
    const order: string[] = [];
    const slow: BlobStore = {
      ...blobs,
      list: async () => {
        await listing;
        order.push('list');
        return blobs.list();
      },
      put: (bytes) => {
        if (looksLikeUpdateFrame(bytes)) order.push('put');
        return blobs.put(bytes);
      },
    };
    const test = (open = await startTestHub({ store, blobs: slow }));
    const row = await test.hub.createFederation(wanted, 'admin');
    if ('refused' in row) throw new Error(row.detail);
    const { federationId } = row;
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    await joinTwo(test, federationId);
    const [first, second] = clients as [TestClient, TestClient];
    await until('round 1 is announced', () => second.announced.length === 1);
    const frame = await frameOf(test, federationId, first, 1);
    const answer = first.submit(1, frame);
    const left = await frameOf(test, federationId, second, 1);
    const orphan = await blobs.put(left);
    // Enough for the hub to store the frame if it did not wait.
    for (let i = 0; i < 20; i += 1) {
      await ask(second.socket, 'client:ready', { federationId, isReady: true });
    }
    endListing();
    expect(await answer).toMatchObject({ refused: false, isDuplicate: false });
    expect(order).toEqual(['list', 'put']);
    const names = await blobs.list();
    expect(names).not.toContain(orphan);
    expect(names).toContain(await blobs.put(frame));
  });

  it('starts and says so where the folder cannot be read', async () => {
    const { store, blobs } = disk();
    const broken: BlobStore = { ...blobs, list: () => Promise.reject(new Error('I/O error')) };
    const test = (open = await startTestHub({ store, blobs: broken }));
    await until('the failure is logged', () => test.errors.length === 1);
    expect(await test.hub.createFederation(wanted, 'admin')).not.toHaveProperty('refused');
  });
});
