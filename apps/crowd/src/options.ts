import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const usage = `Roundtable crowd: simulated participants that train for real

Usage: node --import tsx apps/crowd/src/main.ts --hub URL --invite TOKEN [options]

  --hub URL         origin of the hub, for example http://127.0.0.1:8720
  --invite TOKEN    invite for contributors; each participant redeems it for a session of its own
  --clients N       how many take part (1 to 200); without it, as many as the hub's demonstration wants at
                    any time
  --seed TEXT       seed of the generated inquiries, default demo
  --examples N      inquiries of each participant, default 300
  --threads N       worker threads, default one for each core up to 4
  --help
`;

/** The command line asks for something that does not exist or is out of range: exit status 2. */
export class UsageError extends Error {}

export interface CrowdOptions {
  readonly hub: string;
  readonly invite: string;
  /** null: as many as the hub's demonstration wants. */
  readonly clients: number | null;
  readonly seed: string;
  readonly examples: number;
  readonly threads: number;
}

/** Longer than the name of any option. */
const inviteToken = /^[A-Za-z0-9_-]{16,200}$/;
const MAX_DEFAULT_THREADS = 4;
const text = { type: 'string' } as const;
const options = {
  hub: text,
  invite: text,
  clients: text,
  seed: text,
  examples: text,
  threads: text,
} as const;

function wholeNumber<T>(name: string, given: string | undefined, max: number, fallback: T) {
  if (given === undefined) return fallback;
  const value = /^\d{1,6}$/.test(given) ? Number(given) : NaN;
  if (value >= 1 && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to ${max}, got "${given}"`);
}

function readHub(given: string | undefined): string {
  const url = given !== undefined && URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--hub must be an http or https address, got "${given ?? ''}"`);
  }
  return url.origin;
}

/** One token in 64 begins with a dash, which `parseArgs` takes for an option unless it is bound to `--invite`. */
function withBoundInvite(args: readonly string[]): string[] {
  const at = args.indexOf('--invite');
  const token = args[at + 1];
  if (at < 0 || token === undefined || !inviteToken.test(token)) return [...args];
  return [...args.slice(0, at), `--invite=${token}`, ...args.slice(at + 2)];
}

/**
 * Reads the command line of the crowd.
 * @throws UsageError, or parseArgs's own error for an unknown option
 */
export function parseCrowdOptions(args: string[]): CrowdOptions {
  const { values } = parseArgs({ args: withBoundInvite(args), options, allowPositionals: false });
  if (values.invite === undefined || !inviteToken.test(values.invite)) {
    throw new UsageError('--invite must be an invite token of the hub');
  }
  const clients = wholeNumber('clients', values.clients, 200, null);
  const cores = Math.min(MAX_DEFAULT_THREADS, availableParallelism());
  const threads = wholeNumber('threads', values.threads, 64, cores);
  return {
    hub: readHub(values.hub),
    invite: values.invite,
    clients,
    seed: values.seed ?? 'demo',
    examples: wholeNumber('examples', values.examples, 100_000, 300),
    // A thread without anybody would only cost memory.
    threads: Math.min(threads, clients ?? threads),
  };
}
