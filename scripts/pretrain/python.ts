import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Finds a Python that imports torch and numpy. @throws Error that says what to install */
export async function findPython(preferred: string | undefined): Promise<string> {
  const candidates = preferred === undefined ? ['python3', '/usr/bin/python3'] : [preferred];
  for (const python of candidates) {
    const { code } = await collect(python, ['-c', 'import torch, numpy']);
    if (code === 0) return python;
  }
  throw new Error(
    `none of ${candidates.join(', ')} imports torch and numpy; ` +
      'install them (Debian: apt install python3-torch libopenblas0) or name one with --python PATH',
  );
}

/** Runs a script of this folder and returns what it printed; its output is passed on as it comes. */
export async function runPython(
  python: string,
  script: string,
  args: readonly string[],
  threads: number,
): Promise<string> {
  const { code, output } = await collect(python, ['-u', `${HERE}${script}`, ...args], threads);
  if (code !== 0) throw new Error(`${script} ended with exit code ${code}`);
  return output;
}

function collect(
  program: string,
  args: readonly string[],
  threads?: number,
): Promise<{ code: number; output: string }> {
  const count = String(threads ?? 1);
  const env = { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count };
  const shown = threads !== undefined;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', shown ? 'inherit' : 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (shown) process.stdout.write(chunk);
    });
    child.on('error', () => {
      resolve({ code: 127, output });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}
