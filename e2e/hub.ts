import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AdminApi } from './admin-api.ts';
import { root, writeTinyModel } from './tiny-model.ts';

const startTimeoutMs = 90_000;

/** A port that was free a moment ago: a hub that is killed must come back under its address. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real hub in a process of its own, with its data in a folder of its own. */
export class HubProcess {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  #child: ChildProcess | null = null;
  #log = '';

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts a hub that serves one tiny base model, signed in as its admin. */
  static async start(): Promise<{ hub: HubProcess; admin: AdminApi }> {
    const folder = await mkdtemp(join(tmpdir(), 'roundtable-e2e-'));
    await writeTinyModel(join(folder, 'model'));
    const hub = new HubProcess(folder, await freePort());
    const admin = await AdminApi.signIn(hub.url, await hub.#launch());
    return { hub, admin };
  }

  /** A fresh one-time sign-in link, as an operator gets it on the command line. */
  async signInUrl(): Promise<string> {
    const child = this.#spawn(['--sign-in-link']);
    const [line] = await lines(child, /#/);
    await ended(child);
    return line ?? '';
  }

  /** Ends the hub at once, wherever it stands. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    if (child) await ended(child);
  }

  /** Starts the hub again on the same port and data. */
  async restart(): Promise<void> {
    await this.#launch();
  }

  /** Whether the process is still the one that was started. */
  get isUp(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the hub wrote on standard error. */
  get log(): string {
    return this.#log;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #spawn(extra: string[]): ChildProcess {
    const folder = this.#folder;
    const args = ['--port', String(this.port), '--data-dir', join(folder, 'data')];
    const models = ['--model', join(folder, 'model')];
    const entry = ['--import', 'tsx', 'apps/hub/src/main.ts'];
    const child = spawn(process.execPath, [...entry, ...args, ...models, ...extra], {
      cwd: root,
      env: {
        ...process.env,
        LOG_LEVEL: 'info',
        OPERATOR: 'Example Works',
        HTTP_REQUESTS_PER_MINUTE: '20000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString('utf8');
    });
    return child;
  }

  async #launch(): Promise<string> {
    const child = this.#spawn([]);
    this.#child = child;
    const printed = await lines(child, /signin#/).catch((error: unknown) => {
      throw new Error(`the hub did not start: ${String(error)}\n${this.#log.slice(-4_000)}`);
    });
    const token = /signin#(\S+)/.exec(printed.join('\n'))?.[1];
    if (token === undefined) throw new Error(`no sign-in link in ${printed.join('\n')}`);
    return token;
  }
}

/** Lines of standard output up to the first one that matches. */
function lines(child: ChildProcess, last: RegExp): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    if (child.stdout === null) throw new Error('the child has no standard output');
    const timer = setTimeout(() => {
      reject(new Error(`nothing like ${last} within ${startTimeoutMs} ms`));
    }, startTimeoutMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`exit status ${code} before ${last}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      seen.push(line);
      if (!last.test(line)) return;
      clearTimeout(timer);
      resolve(seen);
    });
  });
}

/** Resolves once the process is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('exit', resolve));
}
