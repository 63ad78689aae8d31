import { createHash } from 'node:crypto';
import { exactGaussianEpsilon } from '@roundtable/privacy';
import type { FederationRecord } from '@roundtable/protocol';
import { federationRecordSchema, welcomeSchema } from '@roundtable/protocol';
import { decodeVector } from '@roundtable/quantize';
import { afterEach, describe, expect, it } from 'vitest';
import { checkUpdate } from './rounds/check-update.ts';
import { joinAsClient, makeFrame, until } from './testing/test-client.ts';
import type { TestClient } from './testing/test-client.ts';
import { startTestHub, tinyFederation } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let open: TestHub | null = null;
let clients: TestClient[] = [];
afterEach(async () => {
  for (const { socket } of clients) socket.close();
  clients = [];
  await open?.close();
  open = null;
});

async function startFederation(wanted = tinyFederation()) {
  const test = (open = await startTestHub());
  const row = await test.hub.createFederation(wanted, 'admin');
  if ('refused' in row) throw new Error(row.detail);
  const { federationId } = row;
  const manifest = test.hub.manifest(federationId)!;
  const admitted = Array.from({ length: 3 }, () => test.admit(federationId));
  const record = (): FederationRecord => test.hub.record(federationId)!;
  return { test, row, federationId, manifest, admitted, record, spec: wanted.spec };
}

describe('a hub with three clients', () => {
  it('runs three rounds, after which all that it tells fits together', async () => {
    const { test, federationId, manifest, admitted, record, spec } = await startFederation();
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    for (const each of admitted) {
      clients.push(await joinAsClient(test.url, each, manifest, spec));
    }
    await until('the federation has finished', () => record().phase === 'stopped');
    const { rounds, completedRounds, evalLossBefore } = record();
    expect(federationRecordSchema.parse(record())).toEqual(record());
    expect(completedRounds).toBe(3);
    expect(rounds.map(({ state, accepted, rejected }) => [state, accepted, rejected])).toEqual([
      ['completed', 3, 0],
      ['completed', 3, 0],
      ['completed', 3, 0],
    ]);
    expect(evalLossBefore).toBe(2);
    expect(rounds.map(({ evalLoss }) => evalLoss)).toEqual([1.9, 1.8, 1.7]);
    expect(test.errors).toEqual([]);
    await until('clients heard of all rounds', () => clients.every((c) => c.closed.length === 3));
    const hashes = rounds.map(({ adapter }) => adapter?.sha256);
    for (const client of clients) {
      expect(client.closed.map(({ adapterSha256 }) => adapterSha256)).toEqual(hashes);
      expect(welcomeSchema.parse(client.welcome)).toEqual(client.welcome);
    }
    // Failures of rounding and sampling take 1e-12 a step from δ, which moves ε in the seventh digit.
    // Two steps a round at σ = 4 and q = 1 compose to one Gaussian of σ/√(2·rounds).
    expect(rounds[2]!.epsilon).toBeCloseTo(exactGaussianEpsilon(4, 6, 1e-5), 5);
  });

  it('publishes the start plus the mean of the updates, to the precision of fp16', async () => {
    const { test, row, manifest, admitted, record, federationId, spec } = await startFederation(
      tinyFederation({ rounds: 1 }),
    );
    await test.hub.act(federationId, { action: 'start' }, 'admin');
    for (const each of admitted) {
      clients.push(await joinAsClient(test.url, each, manifest, spec));
    }
    await until('the round is over', () => record().completedRounds === 1);
    const mean = new Float64Array(32);
    for (const { clientId } of admitted) {
      const frame = await makeFrame(manifest, spec, clientId, 1);
      const checked = await checkUpdate(row, clientId, 1, frame);
      if (!checked.ok) throw new Error(checked.detail);
      checked.values.forEach((value, i) => (mean[i]! += value / 3));
    }
    const { sha256 } = record().adapter;
    const file = (await test.hub.blobs.get(sha256))!;
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
    const published = decodeVector(file, 'fp16', 16, 32);
    // fp16 keeps 11 bits: below 0.1 the rounding error is at most 2^-4 · 2^-11.
    published.forEach((value, i) => {
      expect(Math.abs(value - mean[i]!)).toBeLessThan(2 ** -15);
    });
  });
});
