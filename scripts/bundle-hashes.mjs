// What a build of the web application consists of, file by file, so that anybody can compare what a hub serves.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Beside the pages, at `/bundle-hashes.json` of a hub. */
export const hashesFile = 'bundle-hashes.json';

// Dot folders are notes of the build that no hub serves. Base models are data, in folders of a hub's own choice: their
// hashes stand in the manifest of each federation.
const isServed = (path) => !path.startsWith('.') && !path.startsWith('models/');

function filesBelow(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, `${path}/`) : [path];
  });
}

/** SHA-256 of some bytes, in hexadecimal digits. */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** One digest of the whole list: SHA-256 of its lines `<sha256>  <bytes>  <path>`, sorted by path. */
export function totalOf(files) {
  const lines = Object.keys(files)
    .sort()
    .map((path) => `${files[path].sha256}  ${files[path].bytes}  ${path}\n`);
  return sha256(lines.join(''));
}

/** Path → hash and size of all files of a build that a hub serves. */
export function hashFolder(folder) {
  const paths = filesBelow(folder).filter((path) => isServed(path) && path !== hashesFile);
  return Object.fromEntries(
    paths.sort().map((path) => {
      const bytes = readFileSync(join(folder, path));
      return [path, { sha256: sha256(bytes), bytes: bytes.length }];
    }),
  );
}

/** Writes the list of a build into it; returns its total digest. */
export function writeBundleHashes(folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = hashFolder(folder);
  const total = totalOf(files);
  writeFileSync(
    join(folder, hashesFile),
    `${JSON.stringify({ version, total, files }, null, 2)}\n`,
  );
  return total;
}
