import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import { HubHttp } from './hub-http.ts';
import { UsageError, parseCrowdOptions, usage } from './options.ts';
import type { CrowdOptions } from './options.ts';

const POLL_MS = 1_000;

const say = (line: string): void => {
  process.stderr.write(`crowd: ${line}\n`);
};

/** A fixed crowd takes its federation from the invite, so any name of it will do. */
const INVITED = 'invited';

/** Asks the hub's demonstration again and again how many people it wants, and in which federation. */
async function followDemo(crowd: Crowd, http: HubHttp): Promise<never> {
  for (;;) {
    try {
      const { crowdSize, federationId, isDemo } = await http.demo();
      if (!isDemo) throw new UsageError('this hub runs no demonstration: --clients is needed');
      if (federationId !== null) crowd.want(federationId, crowdSize);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      // The hub may be restarting: participants reconnect by themselves, and so does this.
    }
    await sleep(POLL_MS);
  }
}

async function run(options: CrowdOptions): Promise<void> {
  const crowd = new Crowd(options, {
    onStarted: (people, backend) => {
      say(`${people} simulated participants take part (${backend})`);
      process.send?.({ kind: 'started', people, backend });
    },
    onProblem: (person, detail) => {
      say(`simulated participant ${person}: ${detail}`);
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void crowd.close().then(() => process.exit(0));
    });
  }
  // Started by another program, the crowd does not outlive it.
  if (process.send !== undefined) process.on('disconnect', () => process.exit(0));
  if (options.clients === null) await followDemo(crowd, new HubHttp(options.hub));
  else crowd.want(INVITED, options.clients);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) process.stdout.write(usage);
  else await run(parseCrowdOptions(args));
}

main().catch((error: unknown) => {
  const { code } = error as { code?: unknown };
  const isUsage =
    error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isUsage ? 2 : 1);
});
