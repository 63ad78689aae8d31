import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ceilings, FederationSettings } from '@roundtable/protocol';
import { clientOfOpenLink } from '../auth/accounts.ts';
import { createAuthority } from '../auth/authority.ts';
import { loadHubSigner } from '../auth/hub-key.ts';
import { newId, newToken, tokenDigest } from '../auth/tokens.ts';
import { createHub } from '../hub.ts';
import { DEFAULT_CEILINGS, DEFAULT_LIMITS, DEFAULT_RETENTION_DAYS } from '../hub-types.ts';
import type { Hub, HubClock, HubLimits, HubLogger, NewFederation } from '../hub-types.ts';
import type { Evaluator } from '../rounds/evaluator.ts';
import { systemClock } from '../rounds/system-clock.ts';
import type { BlobStore } from '../storage/blob-store.ts';
import { memoryBlobStore } from '../storage/memory-blob-store.ts';
import { openStore } from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';

/** A federation so small that an update is 32 numbers; q = 1 and a fixed σ, so that ε is exact and cheap. */
export function tinyFederation(
  overrides: Partial<FederationSettings> = {},
): NewFederation & { settings: FederationSettings } {
  const settings: FederationSettings = {
    name: 'Tiny',
    purpose: 'tests',
    baseModelId: 'tiny',
    method: 'ffa-lora',
    task: { kind: 'classification', template: '{text} {label}', labels: ['a', 'b'], maxTokens: 16 },
    adapter: {
      rank: 2,
      alpha: 4,
      modules: ['o_proj'],
      layers: 'all',
      aInit: 'orthonormal',
      aSeed: 'tiny',
    },
    training: {
      localSteps: 2,
      learningRate: 1,
      finalLearningRateFactor: 1,
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: 16,
      maxExamplesPerStep: 32,
    },
    privacy: {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: 8,
      delta: 1e-5,
      clippingNorm: 1,
      noiseMultiplier: 4,
    },
    cohort: { minimum: 2, target: 3, overSelection: 1, deadlineSeconds: 30, minimumFraction: 0.5 },
    wire: { uploadBits: 8, uploadBlockSize: 16, download: 'fp16' },
    rounds: 3,
    isDemo: false,
    ...overrides,
  };
  return {
    settings,
    spec: {
      rank: 2,
      alpha: 4,
      aInit: 'orthonormal',
      aSeed: 'tiny',
      fanInFanOut: false,
      targets: [0, 1].map((layer) => ({
        module: `model.layers.${layer}.self_attn.o_proj`,
        inFeatures: 8,
        outFeatures: 8,
        layer,
      })),
    },
    baseModel: {
      id: 'tiny',
      files: [{ path: 'config.json', bytes: 2, sha256: '1'.repeat(64) }],
    },
    operator: 'Tests',
    evaluation: [{ input: 'x', output: 'a' }],
  };
}

export interface TestHubOptions {
  readonly store?: Store;
  readonly blobs?: BlobStore;
  readonly evaluator?: Evaluator;
  readonly limits?: Partial<HubLimits>;
  readonly ceilings?: Partial<Ceilings>;
  readonly clock?: HubClock;
  readonly port?: number;
}

/** Loss falls by a tenth with each evaluation; the base model scores 2. */
function countingEvaluator(): Evaluator {
  let evaluations = 0;
  return {
    evaluate: (_federationId, weights) => {
      if (weights === null) return Promise.resolve({ loss: 2, accuracy: 0.5 });
      evaluations += 1;
      return Promise.resolve({ loss: 2 - evaluations / 10, accuracy: 0.5 });
    },
    forget: () => undefined,
  };
}

export interface TestHub {
  readonly hub: Hub;
  readonly store: Store;
  readonly url: string;
  readonly port: number;
  /** Everything that the hub logged as an error. */
  readonly errors: unknown[];
  /** A bearer token of a new session. */
  admit(federationId: string, role?: 'contributor' | 'viewer'): { token: string; clientId: string };
  adminToken(): string;
  close(): Promise<void>;
}

/** A hub on a free port, in memory unless the options say otherwise. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const store = options.store ?? openStore(':memory:');
  const errors: unknown[] = [];
  const logger: HubLogger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields) => errors.push(fields),
  };
  const hub = createHub({
    store,
    blobs: options.blobs ?? memoryBlobStore(),
    authority: createAuthority(store),
    evaluator: options.evaluator ?? countingEvaluator(),
    clock: options.clock ?? systemClock,
    logger,
    limits: { ...DEFAULT_LIMITS, requestsPerTenSeconds: 1_000, ...options.limits },
    ceilings: { ...DEFAULT_CEILINGS, ...options.ceilings },
    retentionDays: DEFAULT_RETENTION_DAYS,
    signer: await loadHubSigner(store),
  });
  const server = createServer();
  hub.attach(server);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    hub,
    store,
    errors,
    port,
    url: `http://127.0.0.1:${port}`,
    admit: (federationId, role = 'contributor') => admit(store, federationId, role),
    adminToken: () => openSession(store, 'admin', null, null),
    close: async () => {
      await hub.close();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}

function admit(
  store: Store,
  federationId: string,
  role: 'contributor' | 'viewer',
): { token: string; clientId: string } {
  if (role === 'viewer') {
    return { token: openSession(store, 'viewer', federationId, null), clientId: newId() };
  }
  const arrival = { federationId, displayName: '', isSimulated: true, nowMs: 0 };
  const { clientId } = clientOfOpenLink(store, arrival);
  return { token: openSession(store, 'contributor', federationId, clientId), clientId };
}

export function openSession(
  store: Store,
  role: 'admin' | 'viewer' | 'contributor',
  federationId: string | null,
  clientId: string | null,
  expiresAtMs = Date.now() + 3_600_000,
): string {
  const token = newToken();
  store.sessions.insert({
    tokenSha256: tokenDigest(token),
    role,
    federationId,
    clientId,
    label: role,
    createdAtMs: 0,
    expiresAtMs,
  });
  return token;
}
