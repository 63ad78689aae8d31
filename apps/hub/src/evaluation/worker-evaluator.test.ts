import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialWeights, resolveAdapterSpec } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import { writeTinyModel } from '../../../../scripts/pretrain/tiny-model.ts';
import type { EvaluationSetup } from './messages.ts';
import { createWorkerEvaluator } from './worker-evaluator.ts';
import type { WorkerEvaluator } from './worker-evaluator.ts';
import { EvaluationFailure, spawnEvaluationWorker } from './worker-thread.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const rows = [
  { input: 'the cat sleeps', output: 'yes' },
  { input: 'a dog barks', output: 'no' },
  { input: 'birds sing', output: 'yes' },
];

let folder: string;
let spec: AdapterSpec;
let evaluator: WorkerEvaluator;
const setupFor = (federationId: string): EvaluationSetup => ({
  federationId,
  folder: federationId === 'federation-broken' ? join(folder, 'none') : join(folder, 'tiny'),
  spec,
  task: {
    kind: 'classification',
    template: '{text} -> {label}',
    labels: ['yes', 'no'],
    maxTokens: 64,
  },
  rows,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roundtable-evaluation-'));
  await writeTinyModel(join(folder, 'tiny'));
  evaluator = createWorkerEvaluator({
    setupOf: (id) => Promise.resolve(id === 'federation-without' ? null : setupFor(id)),
    logger: quiet,
  });
  const catalog = await evaluator.catalog(join(folder, 'tiny'));
  spec = resolveAdapterSpec(
    {
      modules: ['o_proj', 'down_proj'],
      layers: [-1],
      rank: 2,
      alpha: 4,
      aInit: 'orthonormal',
      aSeed: 's',
    },
    catalog,
  );
});
afterAll(async () => {
  await evaluator.close();
  await rm(folder, { recursive: true });
});

describe('the evaluation worker', () => {
  it('reads the catalog of a model from its configuration', async () => {
    const catalog = await evaluator.catalog(join(folder, 'tiny'));
    expect(catalog.layers).toBe(2);
    expect(catalog.modules.map(({ module }) => module)).toContain(
      'model.layers.1.self_attn.o_proj',
    );
  });

  it('scores the start adapter, whose B is zero, like the base model', async () => {
    const base = await evaluator.evaluate('federation-1', null);
    const start = await evaluator.evaluate('federation-1', initialWeights(spec));
    expect(base.loss).toBeGreaterThan(0);
    // Of three rows, the accuracy is a number of thirds.
    expect((base.accuracy * 3) % 1).toBeCloseTo(0, 9);
    expect(start.loss).toBeCloseTo(base.loss, 5);
  });

  it('sees an adapter that changes the model', async () => {
    const weights = initialWeights(spec);
    for (const b of weights.loraB) b.fill(0.5);
    const base = await evaluator.evaluate('federation-1', null);
    const changed = await evaluator.evaluate('federation-1', weights);
    expect(Math.abs(changed.loss - base.loss)).toBeGreaterThan(1e-4);
  });

  it('fails for a model that is not there and a federation without rows, and goes on', async () => {
    await expect(evaluator.evaluate('federation-broken', null)).rejects.toThrow(EvaluationFailure);
    await expect(evaluator.evaluate('federation-without', null)).rejects.toThrow(
      /no evaluation set/,
    );
    expect((await evaluator.evaluate('federation-2', null)).loss).toBeGreaterThan(0);
  });

  it('is started anew after a crash and opens the federation again', async () => {
    const workers: Worker[] = [];
    const fragile = createWorkerEvaluator({
      setupOf: (id) => Promise.resolve(setupFor(id)),
      logger: quiet,
      spawn: () => {
        const worker = spawnEvaluationWorker();
        workers.push(worker);
        return worker;
      },
    });
    const before = await fragile.evaluate('federation-1', null);
    const interrupted = fragile.evaluate('federation-1', null);
    await workers[0]!.terminate();
    await expect(interrupted).rejects.toThrow(/the evaluation worker ended/);
    expect(await fragile.evaluate('federation-1', null)).toEqual(before);
    expect(workers.length).toBe(2);
    await fragile.close();
  });

  it('is given up when it does not answer', async () => {
    const silent = createWorkerEvaluator({
      setupOf: (id) => Promise.resolve(setupFor(id)),
      logger: quiet,
      timeoutMs: 50,
      spawn: () => new Worker('setInterval(() => {}, 1000)', { eval: true }),
    });
    await expect(silent.evaluate('federation-1', null)).rejects.toThrow(
      /no answer to open within 50 ms/,
    );
    await silent.close();
    await expect(silent.evaluate('federation-1', null)).rejects.toThrow(/the hub is stopping/);
  });
});
