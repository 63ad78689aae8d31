import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import type { ConfigKey } from './keys.ts';

/** What the command line asks for. */
export interface CommandLine {
  readonly isHelp: boolean;
  readonly isHashPassword: boolean;
  readonly isSignInLink: boolean;
  readonly configPath: string | null;
  readonly options: Partial<Record<ConfigKey, string>>;
  /** Set by `--demo`: seed the demonstration federation and serve its API. */
  readonly demo: {
    readonly rounds: string | null;
    readonly clients: string | null;
    readonly epsilon: string | null;
    readonly method: string | null;
    readonly seed: string | null;
  } | null;
}

export const usage = `Roundtable hub

Usage: npm start -- [options]

  --port N              port to listen on (default 8720; 0 takes a free one)
  --host ADDRESS        address to listen on (default 127.0.0.1)
  --data-dir FOLDER     database, adapters, certificates (default ./data)
  --public-url URL      address that people open, for links and invites
  --model FOLDER        a base model in Hugging Face layout; may be given several times
  --self-signed         HTTPS with a certificate that the hub makes and keeps in the data folder
  --config FILE         settings file (default ./hub.config.json where it exists)
  --hash-password       read a password from standard input, print ADMIN_PASSWORD_HASH, end
  --sign-in-link        print a fresh one-time admin link for the hub of this data folder, end
  --demo                seed the demonstration federation
    --rounds N  --clients N  --epsilon E|none  --method ffa-lora|lora|fedsvd|fedlpp  --seed TEXT    of the demonstration
  --help

Environment: PORT, HOST, DATA_DIR, PUBLIC_URL, TLS_CERT, TLS_KEY, ADMIN_USER, ADMIN_PASSWORD or
ADMIN_PASSWORD_HASH, MODEL_DIRS, METRICS_TOKEN, LOG_LEVEL, OPERATOR, TRUSTED_PROXIES, the ceilings
MAX_EPSILON, MIN_COHORT, REQUIRE_PRIVACY, RETENTION_DAYS and the limits listed in docs/CONFIGURATION.md.
Order: command line over environment over settings file over defaults.
`;

const options = {
  help: { type: 'boolean', short: 'h' },
  'hash-password': { type: 'boolean' },
  'sign-in-link': { type: 'boolean' },
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  'public-url': { type: 'string' },
  model: { type: 'string', multiple: true },
  'self-signed': { type: 'boolean' },
  demo: { type: 'boolean' },
  rounds: { type: 'string' },
  clients: { type: 'string' },
  epsilon: { type: 'string' },
  method: { type: 'string' },
  seed: { type: 'string' },
} as const;

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n\n${usage}`);
  }
}

/** @throws ConfigError for unknown options */
export function parseCommandLine(args: string[]): CommandLine {
  const values = parse(args);
  const settings: Partial<Record<ConfigKey, string>> = {
    ...(values.port !== undefined && { port: values.port }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values['data-dir'] !== undefined && { dataDir: values['data-dir'] }),
    ...(values['public-url'] !== undefined && { publicUrl: values['public-url'] }),
    ...(values.model !== undefined && { modelDirs: JSON.stringify(values.model) }),
    ...(values['self-signed'] === true && { selfSigned: 'true' }),
  };
  const { rounds, clients, epsilon, method, seed } = values;
  for (const [name, value] of Object.entries({ rounds, clients, epsilon, method, seed })) {
    if (value !== undefined && values.demo !== true) {
      throw new ConfigError(`--${name} belongs to --demo, which is missing`);
    }
  }
  return {
    isHelp: values.help === true,
    isHashPassword: values['hash-password'] === true,
    isSignInLink: values['sign-in-link'] === true,
    configPath: values.config ?? null,
    options: settings,
    demo:
      values.demo === true
        ? {
            rounds: rounds ?? null,
            clients: clients ?? null,
            epsilon: epsilon ?? null,
            method: method ?? null,
            seed: seed ?? null,
          }
        : null,
  };
}
