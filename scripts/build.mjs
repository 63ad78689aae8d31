// Builds the web application into dist/web where sources are newer than the last build. `--force` always builds.
// The hub needs no build: it runs from its TypeScript source, as in every test.
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashesFile, writeBundleHashes } from './bundle-hashes.mjs';
import { ensureDependencies, requireNode, root, run } from './setup.mjs';

const stamp = join(root, 'dist', 'web.built');
const inputs = ['apps/web', 'packages', 'public', 'vite.config.ts', 'package-lock.json'];
const ignored = new Set(['node_modules', 'dist', '.vite']);

function newestChange(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  // A deleted file shows in its folder's own time.
  return readdirSync(path)
    .filter((name) => !ignored.has(name))
    .reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), stats.mtimeMs);
}

function isWebBuilt() {
  const made = ['index.html', hashesFile].map((name) => join(root, 'dist', 'web', name));
  if (![...made, stamp].every((path) => existsSync(path))) return false;
  const builtAtMs = statSync(stamp).mtimeMs;
  return inputs.every((input) => newestChange(join(root, input)) <= builtAtMs);
}

/** Builds what is missing or outdated; resolves with the exit status. `stdio` is where the build's output goes. */
export function buildWeb({ isForced = false, stdio = 'inherit' } = {}) {
  if (!isForced && isWebBuilt()) return 0;
  console.error('Building the web application …');
  const startedAt = new Date();
  rmSync(stamp, { force: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  // A test runner's NODE_ENV would make it a development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  const status = run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { stdio, env });
  if (status !== 0) {
    console.error('The web application could not be built: see the lines above.');
    return status;
  }
  const total = writeBundleHashes(join(root, 'dist', 'web'));
  console.error(`The pages' total digest, also in ${hashesFile}: ${total}`);
  // Stamped with the start, so that a source changed during the build counts as newer.
  writeFileSync(stamp, startedAt.toISOString());
  utimesSync(stamp, startedAt, startedAt);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireNode();
  ensureDependencies();
  process.exit(buildWeb({ isForced: process.argv.includes('--force') }));
}
