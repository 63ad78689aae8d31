import { spawn } from 'node:child_process';
import { ended } from '../hub.ts';
import { root } from '../tiny-model.ts';

/** Simulated participants that train for real, in a Node process of their own. */
export interface Crowd {
  stop(): Promise<void>;
}

/** Starts `clients` participants with generated inquiries; resolves once all of them take part. */
export async function startCrowd(hubUrl: string, invite: string, clients: number): Promise<Crowd> {
  const options = ['--hub', hubUrl, `--invite=${invite}`, '--clients', String(clients)];
  const small = ['--examples', '12', '--threads', '1', '--seed', 'e2e'];
  const entry = ['--import', 'tsx', 'apps/crowd/src/main.ts'];
  const child = spawn(process.execPath, [...entry, ...options, ...small], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (/take part/.test(said)) resolve();
    });
    child.once('exit', (status) => {
      reject(new Error(`the crowd ended with status ${status}: ${said}`));
    });
  });
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}
