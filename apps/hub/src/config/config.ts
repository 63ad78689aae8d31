import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ceilings } from '@roundtable/protocol';
import { DEFAULT_CEILINGS, DEFAULT_LIMITS, DEFAULT_RETENTION_DAYS } from '../hub-types.ts';
import type { HubLimits } from '../hub-types.ts';
import { ConfigError } from './config-error.ts';
import type { logLevels } from './keys.ts';
import type { Settings } from './read-settings.ts';

/** How connections are encrypted: not at all, with given files, or with a certificate that the hub makes itself. */
export type TlsConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'files'; readonly certPath: string; readonly keyPath: string }
  | { readonly kind: 'self-signed' };

/** The whole configuration of one hub; every path is absolute. */
export interface HubConfig {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Origin for links; null: made from host and port once it listens. */
  readonly publicUrl: string | null;
  readonly tls: TlsConfig;
  readonly admin: {
    readonly user: string;
    readonly password: string | null;
    readonly passwordHash: string | null;
  };
  readonly modelDirs: readonly string[];
  readonly webDir: string;
  readonly operator: string;
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  readonly metricsFromLoopback: boolean;
  readonly logLevel: (typeof logLevels)[number];
  readonly limits: HubLimits;
  /** Bounds of the organization on every federation. */
  readonly ceilings: Ceilings;
  /** Days for which receipts, consents and audit lines of ended federations are kept. */
  readonly retentionDays: number;
  readonly httpRequestsPerMinute: number;
  readonly failedSignInsPerMinute: number;
}

const defaults = {
  host: '127.0.0.1',
  port: 8720,
  dataDir: 'data',
  webDir: fileURLToPath(new URL('../../../../dist/web', import.meta.url)),
  operator: '',
  adminUser: 'admin',
  modelDirs: [],
  trustedProxies: [],
  selfSigned: false,
  metricsFromLoopback: false,
  logLevel: 'info',
  httpRequestsPerMinute: 3_000,
  failedSignInsPerMinute: 20,
  maxEpsilon: DEFAULT_CEILINGS.maxEpsilon,
  minCohort: DEFAULT_CEILINGS.minCohort,
  requirePrivacy: DEFAULT_CEILINGS.isPrivacyRequired,
  retentionDays: DEFAULT_RETENTION_DAYS,
  ...DEFAULT_LIMITS,
} as const;

/**
 * Merges settings, later layers over earlier ones, over the defaults. Relative paths start at `folder`.
 * @throws ConfigError where settings exclude each other
 */
export function resolveConfig(layers: readonly Settings[], folder: string): HubConfig {
  const merged = layers
    .map(withoutUndefined)
    .reduce<Settings>((below, layer) => ({ ...below, ...layer }), defaults);
  // Each value has passed its key's schema, which these casts repeat.
  const text = (key: keyof Settings) => (merged[key] as string | undefined) ?? null;
  const number = (key: keyof Settings) => merged[key] as number;
  const path = (key: keyof Settings) => resolve(folder, merged[key] as string);
  if (text('adminPassword') !== null && text('adminPasswordHash') !== null) {
    throw new ConfigError('adminPassword and adminPasswordHash exclude each other: set one');
  }
  return {
    host: merged.host as string,
    port: number('port'),
    dataDir: path('dataDir'),
    publicUrl: origin(text('publicUrl')),
    tls: tlsOf(merged, folder),
    admin: {
      user: merged.adminUser as string,
      password: text('adminPassword'),
      passwordHash: text('adminPasswordHash'),
    },
    modelDirs: (merged.modelDirs as string[]).map((model) => resolve(folder, model)),
    webDir: path('webDir'),
    operator: merged.operator as string,
    trustedProxies: merged.trustedProxies as string[],
    metricsToken: text('metricsToken'),
    metricsFromLoopback: merged.metricsFromLoopback as boolean,
    logLevel: merged.logLevel as HubConfig['logLevel'],
    limits: {
      maxFrameBytes: number('maxFrameBytes'),
      requestsPerTenSeconds: number('requestsPerTenSeconds'),
      socketsPerSession: number('socketsPerSession'),
    },
    ceilings: {
      maxEpsilon: number('maxEpsilon'),
      minCohort: number('minCohort'),
      isPrivacyRequired: merged.requirePrivacy as boolean,
    },
    retentionDays: number('retentionDays'),
    httpRequestsPerMinute: number('httpRequestsPerMinute'),
    failedSignInsPerMinute: number('failedSignInsPerMinute'),
  };
}

function withoutUndefined(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function origin(url: string | null): string | null {
  if (url === null) return null;
  const parsed = new URL(url);
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw new ConfigError(`publicUrl is "${url}"; allowed: an address without path, query or hash`);
  }
  return parsed.origin;
}

function tlsOf(settings: Settings, folder: string): TlsConfig {
  const { tlsCert, tlsKey } = settings as { tlsCert?: string; tlsKey?: string };
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const missing = tlsCert === undefined ? 'tlsCert' : 'tlsKey';
    throw new ConfigError(`tlsCert and tlsKey belong together: ${missing} is missing`);
  }
  if (tlsCert !== undefined && tlsKey !== undefined) {
    if (settings.selfSigned === true) {
      throw new ConfigError('selfSigned and tlsCert exclude each other: set one');
    }
    return { kind: 'files', certPath: resolve(folder, tlsCert), keyPath: resolve(folder, tlsKey) };
  }
  return settings.selfSigned === true ? { kind: 'self-signed' } : { kind: 'none' };
}
