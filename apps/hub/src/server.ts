import { mkdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createAuthority } from './auth/authority.ts';
import { loadHubSigner } from './auth/hub-key.ts';
import { hashPassword } from './auth/password.ts';
import { createSignIn } from './auth/sign-in.ts';
import type { AdminCredentials, SignIn } from './auth/sign-in.ts';
import { loadCertificate } from './config/certificate.ts';
import type { HubConfig } from './config/config.ts';
import { startDemo } from './demo/demo-control.ts';
import type { DemoControl } from './demo/demo-types.ts';
import type { DemoOptions } from './demo/demo-options.ts';
import { evaluationSetup } from './evaluation/evaluation-setup.ts';
import { createWorkerEvaluator } from './evaluation/worker-evaluator.ts';
import { createHttpApp } from './http/app.ts';
import { createBaseModels } from './http/base-models.ts';
import type { BaseModels } from './http/base-models.ts';
import { registerBaseModels } from './http/register-base-models.ts';
import { createHub } from './hub.ts';
import type { Hub } from './hub-types.ts';
import { systemClock } from './rounds/system-clock.ts';
import { openFileBlobStore } from './storage/file-blob-store.ts';
import { openStore } from './storage/sqlite-store.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

const EVALUATION_GRACE_MS = 5_000;

/** A hub that listens. */
export interface RunningServer {
  readonly hub: Hub;
  readonly signIn: SignIn;
  readonly baseModels: BaseModels;
  readonly port: number;
  /** Origin for links that people open. */
  readonly publicUrl: string;
  /** Stops listening, then rounds and sockets, then the worker and the database. */
  close(): Promise<void>;
}

interface ServerOptions {
  readonly logger: Logger;
  /** Folder of the base model that comes with the product; skipped with a warning where it is absent. */
  readonly embeddedModelDir: string;
  /** null: no demonstration. */
  readonly demo: DemoOptions | null;
}

/**
 * Composes storage, rounds, routes and evaluation from a configuration, and listens.
 * @throws ConfigError or ModelFolderError where a certificate or a configured model folder cannot be used
 */
export async function startServer(
  config: HubConfig,
  options: ServerOptions,
): Promise<RunningServer> {
  const { logger } = options;
  const certificate = await loadCertificate(config.tls, config.dataDir, systemClock.nowMs());
  const { store, blobs, evaluator, baseModels } = await openRooms(config, options);
  const authority = createAuthority(store);
  const clock = systemClock;
  const nowMs = () => clock.nowMs();
  const { limits, ceilings, retentionDays, operator, trustedProxies } = config;
  const hub = createHub({
    ...{ store, blobs, authority, evaluator, clock, logger },
    ...{ limits, ceilings, retentionDays },
    signer: await loadHubSigner(store),
  });
  const signIn = createSignIn(store, nowMs, await adminCredentials(config));
  const telemetry = createTelemetry();
  telemetry.observeHub(hub);
  const place: { publicUrl: string; demo: DemoControl | null } = { publicUrl: '', demo: null };
  const publicUrl = () => place.publicUrl;
  const rooms = { ...config, hub, authority, signIn, baseModels, telemetry, publicUrl, nowMs };
  const app = await createHttpApp(
    { ...rooms, demo: () => place.demo },
    { certificate, isSelfSigned: config.tls.kind === 'self-signed', trustedProxies, logger },
  );
  hub.attach(app.server);
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  place.publicUrl = config.publicUrl ?? originOf(config, port);
  if (options.demo !== null) {
    const handoverPath = join(config.dataDir, 'demo.json');
    const around = { hub, baseModels, operator, publicUrl, nowMs, handoverPath };
    place.demo = await startDemo(around, options.demo);
  }
  const close = async () => {
    const closing = hub.close();
    // An evaluation under way gets a moment, then its worker ends; the round is evaluated after the next start.
    await Promise.race([closing, sleep(EVALUATION_GRACE_MS, undefined, { ref: false })]);
    await evaluator.close();
    await closing;
    await app.close();
    store.close();
  };
  return { hub, signIn, baseModels, port, publicUrl: place.publicUrl, close };
}

/** Storage, the evaluation worker, and the base models that it can read. */
async function openRooms(config: HubConfig, { logger, embeddedModelDir }: ServerOptions) {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const store = openStore(join(config.dataDir, 'hub.sqlite'));
  const blobs = await openFileBlobStore(join(config.dataDir, 'blobs'));
  const evaluator = createWorkerEvaluator({
    setupOf: (federationId) => evaluationSetup(federationId, { store, blobs, baseModels }),
    logger,
  });
  const cachePath = join(config.dataDir, 'model-sums.json');
  const baseModels = await createBaseModels(cachePath, (folder) => evaluator.catalog(folder));
  const { modelDirs } = config;
  await registerBaseModels(baseModels, store, { embeddedModelDir, modelDirs, logger });
  return { store, blobs, evaluator, baseModels };
}

/**
 * A fresh one-time admin link for the hub of this data folder, whether it runs or not: whoever can read the folder
 * owns the hub already.
 */
export function issueSignInLink(config: HubConfig): string {
  const store = openStore(join(config.dataDir, 'hub.sqlite'));
  try {
    const token = createSignIn(store, () => systemClock.nowMs(), null).issueSignInToken();
    return `${config.publicUrl ?? originOf(config, config.port)}/signin#${token}`;
  } finally {
    store.close();
  }
}

async function adminCredentials({ admin }: HubConfig): Promise<AdminCredentials | null> {
  const { user, password, passwordHash } = admin;
  if (passwordHash !== null) return { user, passwordHash };
  return password === null ? null : { user, passwordHash: await hashPassword(password) };
}

/** The address to put into links: a wildcard host is replaced by one that other machines can reach. */
function originOf({ host, tls }: HubConfig, port: number): string {
  const scheme = tls.kind === 'none' ? 'http' : 'https';
  const isWildcard = host === '0.0.0.0' || host === '::';
  const reachable = isWildcard ? (firstLanAddress() ?? 'localhost') : host;
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function firstLanAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
