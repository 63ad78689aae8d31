import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const program = `
import { writeTinyModel } from './scripts/pretrain/tiny-model.ts';
await writeTinyModel(process.argv[1]);
`;

/** Writes a base model of random weights in Hugging Face layout (about 100 kB) into a new folder. */
export async function writeTinyModel(folder: string): Promise<void> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program, folder];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let problems = '';
  child.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString('utf8');
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the tiny model could not be written: ${problems}`);
}
