// Builds the web application a second time, from a copy of the sources in another place, in another time zone and
// language, and compares it with dist/web byte by byte.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildWeb } from './build.mjs';
import { hashFolder, totalOf } from './bundle-hashes.mjs';
import { root, run } from './setup.mjs';

const inputs = ['apps/web', 'packages', 'public', 'vite.config.ts', 'package.json'];
const left = new Set(['node_modules', 'dist', '.vite']);

/** The sources in a folder of their own; third parties are found in the folders above it. */
function copySources(folder) {
  const configurations = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  for (const input of [...inputs, ...configurations]) {
    const filter = (source) => !left.has(basename(source));
    cpSync(join(root, input), join(folder, input), { recursive: true, filter });
  }
  const scope = join(folder, 'node_modules', '@roundtable');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(folder, 'packages'), { withFileTypes: true })) {
    if (!name.isDirectory()) continue;
    symlinkSync(join(folder, 'packages', name.name), join(scope, name.name), 'junction');
  }
}

function buildIn(folder) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const env = { ...process.env, NODE_ENV: 'production', TZ: 'Asia/Tokyo', LANG: 'ja_JP.UTF-8' };
  return run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: folder, env });
}

function report(first, second) {
  const paths = [...new Set([...Object.keys(first), ...Object.keys(second)])].sort();
  const differing = paths.filter((path) => first[path]?.sha256 !== second[path]?.sha256);
  for (const path of differing) console.error(`reproducible: ${path} differs between two builds`);
  if (differing.length === 0) {
    console.log(`two builds agree in all ${paths.length} files, total ${totalOf(first)}`);
  }
  return differing.length;
}

if (buildWeb() !== 0) process.exit(1);
mkdirSync(join(root, 'dist'), { recursive: true });
const copy = mkdtempSync(join(root, 'dist', 'second-build-'));
try {
  copySources(copy);
  const status = buildIn(copy);
  if (status !== 0) process.exitCode = status;
  else if (report(hashFolder(join(root, 'dist/web')), hashFolder(join(copy, 'dist/web'))) > 0) {
    process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
