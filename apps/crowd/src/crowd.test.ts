import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  federationRecordSchema,
  inviteSchema,
  methodSettings,
  sessionSchema,
} from '@roundtable/protocol';
import type {
  FederationRecord,
  FederationSettings,
  MethodChoice,
  PrivacySettings,
} from '@roundtable/protocol';
import { verifyReceiptFile } from '@roundtable/receipts';
import { Crowd } from './crowd.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
type Cleanups = (() => unknown)[];
const cleanups: Cleanups = [];
const finish = async (all: Cleanups): Promise<void> => {
  for (const cleanup of all.splice(0).reverse()) await cleanup();
};
afterEach(() => finish(cleanups));

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
async function startHub(args: readonly string[], toEnd = cleanups): Promise<Hub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roundtable-crowd-'));
  toEnd.push(() => rm(dataDir, { recursive: true, force: true }));
  const program = join(root, 'apps', 'hub', 'src', 'main.ts');
  const options = ['--demo', '--port', '0', '--data-dir', dataDir, ...args];
  const hub = spawn(process.execPath, ['--import', 'tsx', program, ...options], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  toEnd.push(() => stopped(hub));
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
  const hub = await startHub(['--rounds', '50', '--clients', '2', '--seed', 'crowd-test']);
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
  const hub = await startHub(demo);
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

const clientLevel: PrivacySettings = {
  privacyUnit: 'client',
  neighboringRelation: 'add-or-remove-one',
  epsilonBudget: 16,
  delta: 1e-5,
  clippingNorm: 0.5,
  noiseMultiplier: 1,
};

/** A federation of two rounds, otherwise like that of the demonstration, and its invite. */
async function federationWith(
  hub: Hub,
  change: (settings: FederationSettings) => Partial<FederationSettings>,
): Promise<Hub> {
  const { settings } = await recordWhere(hub, () => true);
  const common = { ...settings, name: 'Another', rounds: 2, isDemo: false };
  const changed = { ...common, ...change(settings) };
  const created = await post(hub, '/api/federations', { settings: changed, evaluation: null });
  const { federationId } = federationRecordSchema.parse(created);
  const invite = { role: 'contributor', expiresInSeconds: 600, maxUses: null, personName: null };
  const answer = await post(hub, `/api/federations/${federationId}/invites`, invite);
  const { token: inviteToken } = inviteSchema.parse(answer);
  await post(hub, `/api/federations/${federationId}/actions`, { action: 'start' });
  return { ...hub, federationId, inviteToken };
}

/** Two people train it to its end: what the hub recorded, and the receipts that it keeps of them. */
async function trainedByTwo(hub: Hub, seed: string) {
  const problems: string[] = [];
  const options = { hub: hub.url, invite: hub.inviteToken, clients: null, examples: 20 };
  const crowd = new Crowd(
    { ...options, seed, threads: 1 },
    {
      onStarted: () => undefined,
      onProblem: (_person, detail) => problems.push(detail),
    },
  );
  cleanups.push(() => crowd.close());
  crowd.want(hub.federationId, 2);
  const record = await recordWhere(hub, ({ phase }) => phase === 'stopped');
  const path = `/api/federations/${hub.federationId}/receipts`;
  const answer = await fetch(`${hub.url}${path}`, { headers: hub.headers });
  const verdict = await verifyReceiptFile(await answer.text());
  if (!verdict.ok) throw new Error(verdict.fault);
  expect(problems).toEqual([]);
  expect(record.rounds.map(({ accepted, rejected }) => [accepted, rejected])).toEqual([
    [2, 0],
    [2, 0],
  ]);
  expect(verdict.chains.map(({ countersigned }) => countersigned)).toEqual([2, 2]);
  const receipts = verdict.chains.flatMap((chain) => chain.receipts);
  return { record, receipts: receipts.map(({ receipt }) => receipt) };
}

const choices: MethodChoice[] = [
  { name: 'lora' },
  { name: 'fedsvd' },
  { name: 'fedlpp' },
  { name: 'zeroth-order', zerothOrder: { directions: 4 } },
];

/** The change that a method asks for; the zeroth order knows no other optimizer. */
const changeFor =
  (choice: MethodChoice) =>
  ({ wire, training }: FederationSettings): Partial<FederationSettings> => {
    const { download = wire.download, ...method } = methodSettings(choice);
    const steps = { optimizer: 'sgd', learningRate: 0.01 } as const;
    return { ...method, wire: { ...wire, download }, training: { ...training, ...steps } };
  };

describe('a crowd in other federations of one hub', () => {
  const atEnd: Cleanups = [];
  let demo: Hub;
  beforeAll(async () => {
    demo = await startHub(['--rounds', '50', '--clients', '2', '--seed', 'methods'], atEnd);
  });
  afterAll(() => finish(atEnd));

  it('with one client as the unit sends integers on the grid, and its receipts verify at the hub', async () => {
    const hub = await federationWith(demo, () => ({ privacy: clientLevel }));
    const { receipts } = await trainedByTwo(hub, 'by-client');
    // 16 bits a value; one release a round
    expect(receipts.map(({ uploadBits }) => uploadBits)).toEqual([16, 16, 16, 16]);
    expect(receipts.map(({ privacy }) => privacy?.count)).toEqual([1, 1, 1, 1]);
  });

  it.each(choices)('trains under $name to the end of its rounds', async (choice) => {
    const hub = await federationWith(demo, changeFor(choice));
    const { record, receipts } = await trainedByTwo(hub, choice.name);
    const { localSteps } = record.settings.training;
    const [{ frameBytes } = { frameBytes: 0 }] = receipts;
    if (choice.name === 'zeroth-order') {
      // 3 bytes a scalar at most, 170 of frame
      expect(frameBytes).toBeLessThanOrEqual(170 + 3 * 4 * localSteps);
      const sizes = record.rounds.map(({ adapter }) => adapter?.sizeBytes);
      expect(sizes).toEqual([104 + 16 * localSteps, 104 + 16 * localSteps]);
    } else expect(frameBytes).toBeGreaterThan(1_024);
  });

  it('with one client as the unit sends all scalars of a round by one release', async () => {
    const hub = await federationWith(demo, (settings) => ({
      ...changeFor({ name: 'zeroth-order', zerothOrder: { directions: 4 } })(settings),
      privacy: clientLevel,
    }));
    const { receipts } = await trainedByTwo(hub, 'scalars');
    expect(receipts.map(({ privacy }) => privacy?.count)).toEqual([1, 1, 1, 1]);
  });
});
