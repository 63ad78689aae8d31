import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { ModuleCatalog } from '@roundtable/lora';
import { encodeSafetensors } from '@roundtable/safetensors';
import type { Role, Session } from '@roundtable/protocol';
import { createAuthority } from '../../auth/authority.ts';
import { loadHubSigner } from '../../auth/hub-key.ts';
import { createInvite } from '../../auth/invites.ts';
import { createSignIn } from '../../auth/sign-in.ts';
import type { SignIn } from '../../auth/sign-in.ts';
import { createHub } from '../../hub.ts';
import { DEFAULT_CEILINGS, DEFAULT_LIMITS, DEFAULT_RETENTION_DAYS } from '../../hub-types.ts';
import type { Hub } from '../../hub-types.ts';
import { systemClock } from '../../rounds/system-clock.ts';
import { memoryBlobStore } from '../../storage/memory-blob-store.ts';
import { openStore } from '../../storage/sqlite-store.ts';
import { exampleFederation } from '../../storage/testing/example-rows.ts';
import { createTelemetry } from '../../telemetry/telemetry.ts';
import { createHttpApp } from '../app.ts';
import { createBaseModels } from '../base-models.ts';
import type { HttpContext } from '../context.ts';
import { prepareFederation } from '../prepare-federation.ts';

/** A hub with real storage, rounds and routes in one process; only the evaluation is arithmetic. */
export interface TestApp {
  readonly app: FastifyInstance;
  readonly hub: Hub;
  readonly signIn: SignIn;
  readonly folder: string;
  readonly modelFolder: string;
  /** A federation on the example model, phase created, with two evaluation rows. */
  readonly federationId: string;
  /** Bearer headers of a fresh session; viewers and contributors belong to `federationId` or the one given. */
  headers(role: Role, federationId?: string): { authorization: string };
  session(role: Role, federationId?: string): Session;
  addFederation(): Promise<string>;
  close(): Promise<void>;
}

export const exampleSettings = exampleFederation('x').settings;

const exampleCatalog: ModuleCatalog = {
  modules: [
    { module: 'model.layers.0.self_attn.o_proj', inFeatures: 8, outFeatures: 8, layer: 0 },
    { module: 'model.layers.0.mlp.down_proj', inFeatures: 16, outFeatures: 8, layer: 0 },
  ],
  layers: 1,
  fanInFanOut: false,
  defaults: {
    papers: { modules: ['q_proj', 'v_proj'], layers: 'all' },
    fast: { modules: ['o_proj', 'down_proj'], layers: [-1] },
  },
};

/** A folder named `tiny` in Hugging Face layout, with one small tensor. */
export async function writeExampleModel(parent: string, id = 'tiny'): Promise<string> {
  const folder = join(parent, id);
  await mkdir(folder, { recursive: true });
  const values = Float32Array.from([1, 2, 3, 4]);
  const weights = encodeSafetensors([{ name: 'w', dtype: 'F32', shape: [2, 2], values }]);
  await writeFile(join(folder, 'model.safetensors'), weights);
  await writeFile(join(folder, 'config.json'), '{"model_type":"llama"}');
  await writeFile(join(folder, 'tokenizer.json'), '{}');
  await writeFile(join(folder, 'notes.txt'), 'private notes of the admin');
  return folder;
}

export async function startTestApp(changes: Partial<HttpContext> = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'roundtable-http-'));
  const store = openStore(':memory:');
  const logger = pino({ level: 'silent' });
  const authority = createAuthority(store);
  const evaluator = {
    evaluate: () => Promise.resolve({ loss: 1.5, accuracy: 0.25 }),
    forget: () => undefined,
  };
  const blobs = memoryBlobStore();
  const clock = systemClock;
  const nowMs = () => clock.nowMs();
  const hub = createHub({
    store,
    blobs,
    authority,
    evaluator,
    clock,
    logger,
    limits: DEFAULT_LIMITS,
    ceilings: DEFAULT_CEILINGS,
    retentionDays: DEFAULT_RETENTION_DAYS,
    signer: await loadHubSigner(store),
  });
  const signIn = createSignIn(store, nowMs, null);
  const baseModels = await createBaseModels(join(folder, 'sums.json'), () =>
    Promise.resolve(exampleCatalog),
  );
  const modelFolder = await writeExampleModel(folder);
  await baseModels.add(modelFolder);
  const telemetry = createTelemetry();
  telemetry.observeHub(hub);
  const context: HttpContext = {
    hub,
    authority,
    signIn,
    baseModels,
    telemetry,
    demo: () => null,
    operator: 'Example Inc.',
    webDir: join(folder, 'web'),
    publicUrl: () => 'https://hub.example',
    nowMs,
    metricsToken: null,
    metricsFromLoopback: false,
    httpRequestsPerMinute: 100_000,
    failedSignInsPerMinute: 20,
    ...changes,
  };
  await writeWebApp(context.webDir);
  const app = await createHttpApp(context, {
    certificate: null,
    isSelfSigned: false,
    trustedProxies: [],
    logger,
  });
  hub.attach(app.server);
  const addFederation = async () => {
    const evaluation = [
      { input: 'one', output: 'a' },
      { input: 'two', output: 'b' },
    ];
    const row = await hub.createFederation(
      prepareFederation(context, exampleSettings, evaluation),
      'admin',
    );
    if ('refused' in row) throw new Error(row.detail);
    return row.federationId;
  };
  const federationId = await addFederation();
  const session = (role: Role, of = federationId): Session => {
    const opened =
      role === 'admin'
        ? signIn.withToken(signIn.issueSignInToken())
        : signIn.withInvite(inviteToken(hub, role, of), role, false);
    if ('refused' in opened) throw new Error(opened.detail);
    return opened;
  };
  return {
    app,
    hub,
    signIn,
    folder,
    modelFolder,
    federationId,
    session,
    headers: (role, of) => ({ authorization: `Bearer ${session(role, of).token}` }),
    addFederation,
    close: async () => {
      await hub.close();
      await app.close();
      store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function inviteToken(hub: Hub, role: 'viewer' | 'contributor', federationId: string): string {
  return createInvite(hub.store, {
    federationId,
    request: { role, expiresInSeconds: 3_600, maxUses: 1, personName: null },
    publicUrl: 'https://hub.example',
    actor: 'admin',
    nowMs: Date.now(),
  }).token;
}

async function writeWebApp(webDir: string): Promise<void> {
  await mkdir(join(webDir, 'assets'), { recursive: true });
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Roundtable</title>');
  await writeFile(join(webDir, 'assets', 'main-abc123.js'), 'export {};');
  await writeFile(join(webDir, '.secret'), 'not for the web');
}
