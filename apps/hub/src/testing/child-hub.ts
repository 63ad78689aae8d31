/**
 * A hub in a process of its own, for tests that kill it. Arguments: data folder, port, method. Seeds a tiny federation
 * on the first start and prints one line of JSON once it listens.
 */
import { join } from 'node:path';
import type { Evaluator } from '../rounds/evaluator.ts';
import { openFileBlobStore } from '../storage/file-blob-store.ts';
import { openStore } from '../storage/sqlite-store.ts';
import { startTestHub, tinyFederation } from './test-hub.ts';
import { zerothOrder } from './zeroth-order.ts';

const CLIENTS = 3;
const [folder, port, method] = process.argv.slice(2);
if (folder === undefined || port === undefined) {
  throw new Error('usage: child-hub FOLDER PORT [zeroth-order]');
}

/** Slow enough that a kill can fall into an evaluation. */
const slowEvaluator: Evaluator = {
  evaluate: async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return { loss: 1, accuracy: 0.5 };
  },
  forget: () => undefined,
};

const store = openStore(join(folder, 'hub.sqlite'));
const blobs = await openFileBlobStore(join(folder, 'blobs'));
const test = await startTestHub({ store, blobs, evaluator: slowEvaluator, port: Number(port) });
let seed = store.values.get('seed');
if (seed === null) {
  const settings = { ...(method === 'zeroth-order' && zerothOrder()), rounds: 4 };
  const row = await test.hub.createFederation(tinyFederation(settings), 'admin');
  if ('refused' in row) throw new Error(row.detail);
  await test.hub.act(row.federationId, { action: 'start' }, 'admin');
  const admitted = Array.from({ length: CLIENTS }, () => test.admit(row.federationId));
  seed = JSON.stringify({ federationId: row.federationId, admitted });
  store.values.set('seed', seed);
}
process.stdout.write(`${seed}\n`);
