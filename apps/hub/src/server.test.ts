import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routingDefaults } from '@roundtable/federated';
import { demoStateSchema, federationRecordSchema, sessionSchema } from '@roundtable/protocol';
import type { FederationRecord } from '@roundtable/protocol';
import { writeTinyModel } from '../../../scripts/pretrain/tiny-model.ts';
import { parseCommandLine } from './config/command-line.ts';
import { loadConfig } from './config/load.ts';
import type { DemoOptions } from './demo/demo-options.ts';
import { ModelFolderError } from './http/model-folder.ts';
import { issueSignInLink, startServer } from './server.ts';
import type { RunningServer } from './server.ts';

let folder: string;
let server: RunningServer | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roundtable-server-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  await rm(folder, { recursive: true });
});

const embedded = () => join(folder, 'models', 'roundtable-base');
// The rank of the demonstration's adapter must not be larger than the model's width.
const wideEnough = { dModel: routingDefaults.adapter.rank };

async function start(args: string[] = [], demo: DemoOptions | null = null): Promise<RunningServer> {
  const commandLine = parseCommandLine(['--port', '0', ...args]);
  const config = await loadConfig(commandLine, {}, folder);
  const logger = pino({ level: 'silent' });
  server = await startServer(config, { logger, embeddedModelDir: embedded(), demo });
  return server;
}

async function call(path: string, token: string, body?: object): Promise<unknown> {
  const response = await fetch(`${server!.publicUrl}${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  return response.json();
}

async function signInAsAdmin(): Promise<string> {
  const token = server!.signIn.issueSignInToken();
  const response = await fetch(`${server!.publicUrl}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'sign-in', token }),
  });
  return sessionSchema.parse(await response.json()).token;
}

describe('startServer', () => {
  it('serves plain HTTP on a free port without the embedded model, and says health', async () => {
    const { publicUrl, port } = await start();
    expect(publicUrl).toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(`${publicUrl}/healthz`)).json()).toEqual({ status: 'ok' });
    const models = await call('/api/base-models', await signInAsAdmin());
    expect(models).toEqual({ baseModels: [] });
  });

  it('serves HTTPS with a certificate of its own, without telling browsers to insist on it', async () => {
    const { publicUrl } = await start(['--self-signed']);
    expect(publicUrl).toMatch(/^https:/);
    const ca = await readFile(join(folder, 'data', 'tls', 'cert.pem'));
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      request(`${publicUrl}/healthz`, { ca }, (response) => {
        response.resume();
        resolve(response.headers);
      })
        .on('error', reject)
        .end();
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['content-security-policy']).toBeDefined();
  });

  it('refuses a configured model folder that holds no model, by name', async () => {
    await expect(start(['--model', join(folder, 'nothing')])).rejects.toThrow(ModelFolderError);
  });

  it('remembers a folder that an admin added, over a restart', async () => {
    await writeTinyModel(join(folder, 'extra'));
    await start();
    const added = await call('/api/base-models', await signInAsAdmin(), {
      folder: join(folder, 'extra'),
    });
    expect(added).toMatchObject({ id: 'extra' });
    await server!.close();
    await start();
    expect(server!.baseModels.get('extra')?.catalog.layers).toBe(2);
  });

  it('gives a sign-in link to whoever may read the data folder, while the hub runs', async () => {
    await start();
    const config = await loadConfig(
      parseCommandLine(['--public-url', 'http://hub.example']),
      {},
      folder,
    );
    const [origin, token] = issueSignInLink(config).split('/signin#');
    expect(origin).toBe('http://hub.example');
    expect(server!.signIn.withToken(token!)).toMatchObject({ role: 'admin' });
  });

  it('keeps its data folder and the hand-over of the demonstration to its own user', async () => {
    await writeTinyModel(embedded(), wideEnough);
    await start([], { rounds: 2, clients: 3, epsilon: null, seed: 'x' });
    expect((await stat(join(folder, 'data'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'data', 'demo.json'))).mode & 0o077).toBe(0);
  });
});

describe('the demonstration', () => {
  const options: DemoOptions = { rounds: 2, clients: 4, epsilon: 8, seed: 'x' };
  const waitForBase = (federationId: string): Promise<FederationRecord> =>
    new Promise((resolve) => {
      const look = () => {
        const record = server!.hub.record(federationId);
        if (record === null || record.evalLossBefore === null) return false;
        resolve(record);
        return true;
      };
      if (look()) return;
      const stop = server!.hub.subscribe(() => {
        if (look()) stop();
      });
    });

  it('seeds a started federation, evaluates the base model and lets simulated clients in', async () => {
    await writeTinyModel(embedded(), wideEnough);
    await start([], options);
    const handover = JSON.parse(await readFile(join(folder, 'data', 'demo.json'), 'utf8')) as {
      federationId: string;
      inviteToken: string;
    };
    const record = await waitForBase(handover.federationId);
    expect(federationRecordSchema.parse(record)).toMatchObject({
      phase: 'recruiting',
      hasEvaluation: true,
      settings: { isDemo: true, rounds: 2, cohort: { target: 4 } },
    });
    // Twelve labels and random weights: ln 12 nats, give or take what the untrained model prefers.
    expect(record.evalLossBefore).toBeGreaterThan(Math.log(12) / 4);
    const body = {
      kind: 'invite',
      token: handover.inviteToken,
      displayName: 'A',
      isSimulated: true,
    };
    const session = sessionSchema.parse(await call('/api/sessions', '', body).catch(() => null));
    expect(session).toMatchObject({ role: 'contributor', federationId: handover.federationId });
  });

  it('moves the cohort with the crowd, and starts afresh with the same invite', async () => {
    await writeTinyModel(embedded(), wideEnough);
    await start([], options);
    const admin = await signInAsAdmin();
    const before = demoStateSchema.parse(await call('/api/demo', admin));
    expect(before).toMatchObject({ isDemo: true, crowdSize: 4 });
    const token = await readFile(join(folder, 'data', 'demo.json'), 'utf8');
    expect(await call('/api/demo/crowd', admin, { crowdSize: 9 })).toMatchObject({ crowdSize: 9 });
    const cohort = server!.hub.record(before.federationId!)!.settings.cohort;
    expect(cohort).toMatchObject({ minimum: 5, target: 9 });
    const after = demoStateSchema.parse(await call('/api/demo/reset', admin, {}));
    expect(after.federationId).not.toBe(before.federationId);
    expect(server!.hub.record(before.federationId!)).toBeNull();
    const renewed = await readFile(join(folder, 'data', 'demo.json'), 'utf8');
    const inviteOf = (text: string) => (JSON.parse(text) as { inviteToken: string }).inviteToken;
    expect(inviteOf(renewed)).toBe(inviteOf(token));
  });

  it('goes on after a restart with the federation it had', async () => {
    await writeTinyModel(embedded(), wideEnough);
    await start([], options);
    const { federationId } = demoStateSchema.parse(await call('/api/demo', ''));
    await server!.close();
    await start([], options);
    expect(await call('/api/demo', '')).toMatchObject({ federationId });
  });
});
