// Checks the first load of the contribute page: everything the browser fetches before the training
// worker, compressed as a server would. Run after `vite build`.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budgetBytes = 300_000;
const web = resolve(dirname(fileURLToPath(import.meta.url)), '../dist/web');
const manifestPath = join(web, '.vite/manifest.json');
const pages = ['src/features/contribute/contribute-page.tsx'];

function readManifest() {
  try {
    return JSON.parse(readFileSync(manifestPath, 'utf8'));
  } catch (error) {
    console.error(`bundle-budget: ${manifestPath} cannot be read (${error.message}); build first`);
    process.exit(2);
  }
}

/** Files that an entry needs, with those of everything that it imports statically. */
function collect(manifest, key, files) {
  const chunk = manifest[key];
  if (!chunk) {
    console.error(`bundle-budget: ${key} is not in the build`);
    process.exit(2);
  }
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const imported of chunk.imports ?? []) collect(manifest, imported, files);
}

const manifest = readManifest();
const files = new Set(['index.html']);
for (const key of ['index.html', ...pages]) collect(manifest, key, files);
let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(join(web, file)), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  of ${budgetBytes} bytes (gzip) before the worker`);
if (total > budgetBytes) {
  console.error(`bundle-budget: ${total - budgetBytes} bytes too many`);
  process.exit(1);
}
