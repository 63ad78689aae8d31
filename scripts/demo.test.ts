import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

it.each([
  ['ffa-lora', []],
  ['zeroth-order', ['--method', 'zeroth-order']],
])(
  'plays and measures its rounds by %s, whatever hub is set up',
  async (method, chosen) => {
    const short = ['--headless', '--json', '--rounds', '1', '--clients', '2', '--seed', 'test'];
    const options = [...short, ...chosen];
    const elsewhere = {
      PUBLIC_URL: 'https://roundtable.example',
      TLS_CERT: '/none',
      HOST: '0.0.0.0',
    };
    const { stdout } = await run(process.execPath, ['scripts/demo.mjs', ...options], {
      cwd: root,
      env: { ...process.env, ...elsewhere },
    });
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(result).toMatchObject({
      federation: 'Inquiry routing',
      method,
      baseModel: 'roundtable-base',
      clients: 2,
      rounds: [{ round: 1, accepted: 2, rejected: 0 }],
      delta: 1e-5,
    });
    // σ is calibrated to the planned rounds: the only one spends the whole budget and no more.
    expect(result['epsilon']).toBeLessThanOrEqual(8);
    expect(result['epsilon']).toBeGreaterThan(7.99);
  },
  300_000,
);
