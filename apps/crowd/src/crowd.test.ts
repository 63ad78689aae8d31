import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { federationRecordSchema, inviteSchema, sessionSchema } from '@roundtable/protocol';
import type { FederationRecord } from '@roundtable/protocol';
import { verifyReceiptFile } from '@roundtable/receipts';
import { Crowd } from './crowd.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

interface Hub {
  readonly url: string;
  readonly inviteToken: string;
  readonly federationId: string;
  readonly headers: Record<string, string>;
}

/** A hub with its demonstration in another process, as `npm run demo` starts it. */
async function startHub(...args: string[]): Promise<Hub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roundtable-crowd-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const program = join(root, 'apps', 'hub', 'src', 'main.ts');
  const options = ['--demo', '--port', '0', '--data-dir', dataDir, ...args];
  const hub = spawn(process.execPath, ['--import', 'tsx', program, ...options], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => stopped(hub));
  for await (const line of createInterface({ input: hub.stdout })) {
    const token = /^Admin sign-in.*#(\S+)$/.exec(line)?.[1];
    if (token === undefined) continue;
    hub.stdout.resume();
    const handover = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as Hub;
    const answer = await fetch(`${handover.url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'sign-in', token }),
    });
    const session = sessionSchema.parse(await answer.json());
    return { ...handover, headers: { authorization: `Bearer ${session.token}` } };
  }
  throw new Error('the hub ended');
}

/** The federation's record as soon as it is what the test waits for. */
async function recordWhere(
  { url, federationId, headers }: Hub,
  isReached: (record: FederationRecord) => boolean,
): Promise<FederationRecord> {
  for (;;) {
    const answer = await fetch(`${url}/api/federations/${federationId}`, { headers });
    const record = federationRecordSchema.parse(await answer.json());
    if (isReached(record)) return record;
    await sleep(200);
  }
}

it('trains in a federation of the hub, labelled as simulated, until one of two leaves', async () => {
  const hub = await startHub('--rounds', '50', '--clients', '2', '--seed', 'crowd-test');
  const problems: string[] = [];
  const crowd = new Crowd(
    {
      hub: hub.url,
      invite: hub.inviteToken,
      clients: null,
      seed: 'crowd-test',
      examples: 20,
      threads: 2,
    },
    {
      onStarted: () => undefined,
      onProblem: (_person, detail) => problems.push(detail),
    },
  );
  cleanups.push(() => crowd.close());
  crowd.want(hub.federationId, 2);
  const isCompleted = ({ rounds }: FederationRecord) =>
    rounds.some(({ state }) => state === 'completed');
  const record = await recordWhere(hub, isCompleted);
  const round = record.rounds.find(({ state }) => state === 'completed');
  expect([round?.accepted, round?.rejected]).toEqual([2, 0]);
  expect(record.clients.map(({ displayName, isSimulated }) => [displayName, isSimulated])).toEqual(
    expect.arrayContaining([
      ['Simulated 1', true],
      ['Simulated 2', true],
    ]),
  );
  crowd.want(hub.federationId, 1);
  const isAlone = ({ clients }: FederationRecord) =>
    clients.filter(({ isConnected }) => isConnected).length === 1;
  await recordWhere(hub, isAlone);
  expect(problems).toEqual([]);
});

/** Hash of the adapter that one simulated person makes in the only round of a demonstration without noise. */
async function adapterOfSeed(seed: string): Promise<string | undefined> {
  const demo = ['--rounds', '1', '--clients', '1', '--epsilon', 'none', '--seed', seed];
  const hub = await startHub(...demo);
  const options = { hub: hub.url, invite: hub.inviteToken, clients: null, seed, examples: 20 };
  const crowd = new Crowd(
    { ...options, threads: 1 },
    { onStarted: () => undefined, onProblem: () => undefined },
  );
  cleanups.push(() => crowd.close());
  crowd.want(hub.federationId, 1);
  const { rounds } = await recordWhere(hub, ({ phase }) => phase === 'stopped');
  return rounds.find(({ state }) => state === 'completed')?.adapter?.sha256;
}

it('makes the same adapter again from the same seed, where no noise is drawn', async () => {
  const hash = await adapterOfSeed('again');
  expect(hash).toBeDefined();
  expect(await adapterOfSeed('again')).toBe(hash);
});

async function post(hub: Hub, path: string, body: object): Promise<unknown> {
  const headers = { ...hub.headers, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${hub.url}${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/** A federation like that of the demonstration, with one client as the unit, and its invite. */
async function clientLevelFederation(hub: Hub): Promise<Hub> {
  const { settings } = await recordWhere(hub, () => true);
  const privacy = {
    privacyUnit: 'client',
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: 16,
    delta: 1e-5,
    clippingNorm: 0.5,
    noiseMultiplier: 1,
  };
  const changed = { ...settings, name: 'By client', rounds: 2, privacy, isDemo: false };
  const created = await post(hub, '/api/federations', { settings: changed, evaluation: null });
  const { federationId } = federationRecordSchema.parse(created);
  const invite = { role: 'contributor', expiresInSeconds: 600, maxUses: null, personName: null };
  const answer = await post(hub, `/api/federations/${federationId}/invites`, invite);
  const { token: inviteToken } = inviteSchema.parse(answer);
  await post(hub, `/api/federations/${federationId}/actions`, { action: 'start' });
  return { ...hub, federationId, inviteToken };
}

it('with one client as the unit sends integers on the grid, and its receipts verify at the hub', async () => {
  const demo = await startHub('--rounds', '50', '--clients', '2', '--seed', 'by-client');
  const hub = await clientLevelFederation(demo);
  const problems: string[] = [];
  const options = { hub: hub.url, invite: hub.inviteToken, clients: null, examples: 20 };
  const crowd = new Crowd(
    { ...options, seed: 'by-client', threads: 1 },
    {
      onStarted: () => undefined,
      onProblem: (_person, detail) => problems.push(detail),
    },
  );
  cleanups.push(() => crowd.close());
  crowd.want(hub.federationId, 2);
  const { rounds } = await recordWhere(hub, ({ phase }) => phase === 'stopped');
  expect(rounds.map(({ accepted, rejected }) => [accepted, rejected])).toEqual([
    [2, 0],
    [2, 0],
  ]);
  const path = `/api/federations/${hub.federationId}/receipts`;
  const answer = await fetch(`${hub.url}${path}`, { headers: hub.headers });
  const verdict = await verifyReceiptFile(await answer.text());
  if (!verdict.ok) throw new Error(verdict.fault);
  expect(verdict.chains.map(({ countersigned }) => countersigned)).toEqual([2, 2]);
  for (const { receipts } of verdict.chains) {
    // 16 bits a value; one release a round
    expect(receipts.map(({ receipt }) => receipt.uploadBits)).toEqual([16, 16]);
    expect(receipts.map(({ receipt }) => receipt.privacy?.count)).toEqual([1, 1]);
  }
  expect(problems).toEqual([]);
});
