import { resolve } from 'node:path';

/** The command line asks for something that does not exist or is out of range: exit status 2. */
export class UsageError extends Error {}

interface Command {
  readonly usage: string;
  /** Runs the command with its arguments. */
  readonly run: (args: string[]) => Promise<void>;
}

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

/** Runs a command to its exit status: 0, 1 where it failed, 2 where it was called wrongly. */
export async function runCommand({ usage, run }: Command): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  try {
    await run(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${message}\n`);
    if (isUsage(error)) process.stderr.write('Try --help.\n');
    process.exitCode = isUsage(error) ? 2 : 1;
  }
}

/** A path as the caller means it: npm runs scripts in the repository's root, wherever it was called. */
export function callerPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

/** One line of progress. Standard output is for results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
