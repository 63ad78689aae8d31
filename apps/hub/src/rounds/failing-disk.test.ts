import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../storage/sqlite-store.ts';
import { reasonOf } from '../testing/open-round.ts';
import { joinAsClient, makeFrame, until } from '../testing/test-client.ts';
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

/** A hub whose disk refuses to be written while `disk.isFull`. */
async function hubOnFullDisk() {
  const disk = { isFull: false };
  const real = openStore(':memory:');
  const store = {
    ...real,
    transaction: <T>(work: () => T): T => {
      if (disk.isFull) throw new Error('database or disk is full');
      return real.transaction(work);
    },
  };
  let endEvaluation: () => void = () => undefined;
  const evaluation = new Promise<void>((resolve) => (endEvaluation = resolve));
  const evaluator = {
    evaluate: async (_federationId: string, weights: unknown) => {
      if (weights !== null) await evaluation;
      return { loss: 1, accuracy: 0.5 };
    },
    forget: () => undefined,
  };
  const test = (open = await startTestHub({ store, evaluator }));
  const wanted = tinyFederation({ rounds: 2 });
  const row = await test.hub.createFederation(wanted, 'admin');
  if ('refused' in row) throw new Error(row.detail);
  const { federationId } = row;
  const manifest = test.hub.manifest(federationId)!;
  await test.hub.act(federationId, { action: 'start' }, 'admin');
  for (let i = 0; i < 3; i += 1) {
    const admitted = test.admit(federationId);
    const how = { isSilent: true };
    clients.push(await joinAsClient(test.url, admitted, manifest, wanted.spec, how));
  }
  await until('the round is announced', () => clients.every((c) => c.announced.length === 1));
  const submit = async (client: TestClient): Promise<string> => {
    const frame = await makeFrame(manifest, wanted.spec, client.welcome.clientId, 1);
    return reasonOf(client.submit(1, frame));
  };
  return { test, disk, submit, endEvaluation, record: () => test.hub.record(federationId)! };
}

describe('a hub on a full disk', () => {
  it('acknowledges nothing, stays up, and takes the same bytes once there is room', async () => {
    const { disk, submit, record, test, endEvaluation } = await hubOnFullDisk();
    endEvaluation();
    disk.isFull = true;
    expect(await submit(clients[0]!)).toBe('unavailable');
    expect(record().rounds[0]?.accepted).toBe(0);
    expect(test.errors.length).toBeGreaterThan(0);
    disk.isFull = false;
    for (const client of clients) expect(await submit(client)).toBe('accepted');
    await until('the round is over', () => record().completedRounds === 1);
    expect(record().rounds[0]?.accepted).toBe(3);
  });

  it('goes on by itself when the disk filled up while the round was evaluated', async () => {
    const { disk, submit, record, endEvaluation } = await hubOnFullDisk();
    for (const client of clients) expect(await submit(client)).toBe('accepted');
    await until('the adapter is stored', () => record().rounds[0]?.adapter !== null);
    disk.isFull = true;
    endEvaluation();
    await until('the failure was logged', () => open!.errors.length > 0);
    expect(record().completedRounds).toBe(0);
    disk.isFull = false;
    await until('the round is over', () => record().completedRounds === 1);
    expect(record().rounds[0]).toMatchObject({ accepted: 3, evalLoss: 1 });
  });
});
