import { z } from 'zod';
import { passwordHashPattern } from '../auth/password.ts';

/** How a text from the environment or the command line becomes the value that a configuration file holds directly. */
type Kind = 'text' | 'number' | 'boolean' | 'list';

interface Key {
  readonly env: string;
  readonly kind: Kind;
  readonly schema: z.ZodType;
  /** The allowed range, for a person. */
  readonly allowed: string;
  /** Its value never appears in a message. */
  readonly isSecret?: boolean;
}

const whole = (min: number, max: number) => z.number().int().min(min).max(max);
const text = (max: number) => z.string().min(1).max(max);
const numberKey = (env: string, min: number, max: number, unit: string): Key => ({
  env,
  kind: 'number',
  schema: whole(min, max),
  allowed: `a whole number from ${min} to ${max}${unit}`,
});
const pathKey = (env: string, what: string): Key => ({
  env,
  kind: 'text',
  schema: text(4_096),
  allowed: `the path of ${what}`,
});

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every setting of the hub: its name in hub.config.json, its environment variable, its type and its range. */
export const configKeys = {
  host: {
    env: 'HOST',
    kind: 'text',
    schema: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/),
    allowed: 'a host name or address to listen on, for example 127.0.0.1 or 0.0.0.0',
  },
  port: {
    env: 'PORT',
    kind: 'number',
    schema: whole(0, 65_535),
    allowed: 'a whole number from 0 (any free port) to 65535',
  },
  dataDir: pathKey('DATA_DIR', 'a folder for the database, adapters and certificates'),
  publicUrl: {
    env: 'PUBLIC_URL',
    kind: 'text',
    schema: z.url({ protocol: /^https?$/ }).max(300),
    allowed: 'an http or https address without path, for example https://roundtable.example.com',
  },
  tlsCert: pathKey('TLS_CERT', 'a PEM certificate chain; needs tlsKey too'),
  tlsKey: pathKey('TLS_KEY', 'a PEM private key; needs tlsCert too'),
  selfSigned: {
    env: 'SELF_SIGNED',
    kind: 'boolean',
    schema: z.boolean(),
    allowed: 'true or false; not together with tlsCert',
  },
  adminUser: { env: 'ADMIN_USER', kind: 'text', schema: text(120), allowed: '1 to 120 characters' },
  adminPassword: {
    env: 'ADMIN_PASSWORD',
    kind: 'text',
    schema: z.string().min(12).max(500),
    allowed: '12 to 500 characters; not together with adminPasswordHash',
    isSecret: true,
  },
  adminPasswordHash: {
    env: 'ADMIN_PASSWORD_HASH',
    kind: 'text',
    schema: z.string().regex(passwordHashPattern),
    allowed: 'scrypt$<log2 N>$<salt>$<key> as printed by `npm start -- --hash-password`',
    isSecret: true,
  },
  modelDirs: {
    env: 'MODEL_DIRS',
    kind: 'list',
    schema: z.array(text(4_096)).max(50),
    allowed:
      'at most 50 folders in Hugging Face layout, separated by commas (or a JSON list) in the environment',
  },
  webDir: pathKey('WEB_DIR', 'the built web application'),
  operator: {
    env: 'OPERATOR',
    kind: 'text',
    schema: z.string().max(200),
    allowed: 'at most 200 characters: who runs this hub, as contributors read it before consent',
  },
  metricsToken: {
    env: 'METRICS_TOKEN',
    kind: 'text',
    schema: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    allowed: '16 to 200 printable ASCII characters without spaces',
    isSecret: true,
  },
  metricsFromLoopback: {
    env: 'METRICS_FROM_LOOPBACK',
    kind: 'boolean',
    schema: z.boolean(),
    allowed: 'true or false: whether /metrics answers this machine without a token',
  },
  logLevel: {
    env: 'LOG_LEVEL',
    kind: 'text',
    schema: z.enum(logLevels),
    allowed: `one of ${logLevels.join(', ')}`,
  },
  trustedProxies: {
    env: 'TRUSTED_PROXIES',
    kind: 'list',
    schema: z.array(z.string().regex(/^[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/)).max(50),
    allowed:
      'at most 50 addresses or networks (10.0.0.0/8) whose X-Forwarded-For header is believed',
  },
  maxEpsilon: {
    env: 'MAX_EPSILON',
    kind: 'number',
    schema: z.number().positive().max(1_000),
    allowed: 'a number above 0 and up to 1000: the largest ε budget of a federation',
  },
  minCohort: numberKey('MIN_COHORT', 1, 100_000, ': the smallest cohort.minimum of a federation'),
  requirePrivacy: {
    env: 'REQUIRE_PRIVACY',
    kind: 'boolean',
    schema: z.boolean(),
    allowed: 'true or false: whether every federation needs differential privacy',
  },
  retentionDays: numberKey('RETENTION_DAYS', 1, 36_500, ' days'),
  maxFrameBytes: numberKey('MAX_FRAME_BYTES', 65_536, 268_435_456, ' bytes'),
  requestsPerTenSeconds: numberKey('REQUESTS_PER_TEN_SECONDS', 10, 10_000, ' socket requests'),
  socketsPerSession: numberKey('SOCKETS_PER_SESSION', 1, 100, ''),
  httpRequestsPerMinute: numberKey('HTTP_REQUESTS_PER_MINUTE', 30, 1_000_000, ''),
  failedSignInsPerMinute: numberKey('FAILED_SIGN_INS_PER_MINUTE', 1, 1_000, ''),
} as const satisfies Record<string, Key>;

export type ConfigKey = keyof typeof configKeys;
