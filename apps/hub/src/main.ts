import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { hashPassword } from './auth/password.ts';
import { parseCommandLine, usage } from './config/command-line.ts';
import type { CommandLine } from './config/command-line.ts';
import { ConfigError } from './config/config-error.ts';
import type { HubConfig } from './config/config.ts';
import { loadConfig } from './config/load.ts';
import { parseDemoOptions } from './demo/demo-options.ts';
import { HubRefusal } from './http/answer.ts';
import { ModelFolderError } from './http/model-folder.ts';
import { issueSignInLink, startServer } from './server.ts';
import { createLogger } from './telemetry/logger.ts';

const embeddedModelDir = fileURLToPath(
  new URL('../../../public/models/roundtable-base', import.meta.url),
);

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function run(commandLine: CommandLine): Promise<void> {
  const config = await loadConfig(commandLine, process.env, process.cwd());
  const demo = commandLine.demo === null ? null : parseDemoOptions(commandLine.demo);
  // Logs go to standard error: standard output is for people and for programs that started the hub.
  const logger = createLogger(config.logLevel, pino.destination(2));
  const server = await startServer(config, { logger, embeddedModelDir, demo });
  const link = `${server.publicUrl}/signin#${server.signIn.issueSignInToken()}`;
  say(`Roundtable hub: ${server.publicUrl}`, `Admin sign-in, once, within 15 minutes: ${link}`);
  warnOfInsecurity(config, server.publicUrl);
  stopOnSignals(() => server.close());
}

function warnOfInsecurity(config: HubConfig, publicUrl: string): void {
  const { hostname, protocol } = new URL(publicUrl);
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  if (protocol === 'https:' || (isLocal && ['127.0.0.1', '::1', 'localhost'].includes(config.host)))
    return;
  say(
    '',
    '!! This hub is reachable from other machines over plain HTTP.',
    '!! Browsers there cannot contribute (no secure context), and tokens travel in the clear.',
    '!! Use --self-signed, TLS_CERT and TLS_KEY, or a proxy with PUBLIC_URL=https://…',
    '',
  );
}

function stopOnSignals(close: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`stopping failed: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

async function printPasswordHash(): Promise<void> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password.length < 12) throw new ConfigError('a password needs at least 12 characters');
  say(await hashPassword(password));
}

async function printSignInLink(commandLine: CommandLine): Promise<void> {
  const config = await loadConfig(commandLine, process.env, process.cwd());
  if (!existsSync(config.dataDir)) {
    throw new ConfigError(`dataDir is "${config.dataDir}", where no hub has run yet`);
  }
  say(issueSignInLink(config));
}

/** What went wrong, in one line for people; anything unexpected keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof ModelFolderError) return error.message;
  if (error instanceof HubRefusal) return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return `cannot listen: ${message}; choose another --port or --host`;
  }
  return stack ?? String(error);
}

try {
  const commandLine = parseCommandLine(process.argv.slice(2));
  if (commandLine.isHelp) say(usage);
  else if (commandLine.isHashPassword) await printPasswordHash();
  else if (commandLine.isSignInLink) await printSignInLink(commandLine);
  else await run(commandLine);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
