// Compares the pages that a hub serves, or a folder with a build, byte by byte with a build of this checkout.
/* global AbortSignal */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hashesFile, hashFolder, sha256, totalOf } from './bundle-hashes.mjs';
import { buildWeb } from './build.mjs';
import { ensureDependencies, requireNode, root } from './setup.mjs';

const usage = `Usage: npm run --silent verify-bundle -- HUB [--build FOLDER]

  HUB             address of a hub, such as https://roundtable.example, or a folder with a build
  --build FOLDER  compare with this build; default is dist/web, built anew where sources are newer

Check out the version that the hub's /${hashesFile} names. Exit status: 0 where all files are the same, 1 where one differs,
is missing or cannot be fetched, 2 where the command was called wrongly.
`;
// What a person's browser asks for first; the hub answers each with the one page.
const pageRoutes = ['', 'join', 'contribute', 'signin', 'dashboard'];
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 * 1024;

class UsageError extends Error {}

async function fetchBytes(base, path) {
  // No redirect: another address is not the one that was asked about.
  const response = await fetch(new URL(path, base), {
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
  return bytes;
}

function reader(target) {
  if (!/^https?:\/\//.test(target)) {
    const folder = callerPath(target);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UsageError(`${target} is neither an http(s) address nor a folder`);
    }
    return { read: (path) => Promise.resolve(readFileSync(join(folder, path))), folder };
  }
  const base = target.endsWith('/') ? target : `${target}/`;
  return { read: (path) => fetchBytes(base, path), folder: null };
}

const callerPath = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

async function differenceOf(read, path, expected) {
  try {
    const bytes = await read(path);
    const isSame = bytes.length === expected.bytes && sha256(bytes) === expected.sha256;
    return isSame ? null : `differs: ${bytes.length} bytes, SHA-256 ${sha256(bytes)}`;
  } catch (error) {
    return `cannot be read: ${error.cause?.message ?? error.message}`;
  }
}

/** What the other side says that it consists of: files that are not ours, and another total. */
async function listDifferences(read, ours) {
  try {
    const { files, total } = JSON.parse(String(await read(hashesFile)));
    const extra = Object.keys(files).filter((path) => !Object.hasOwn(ours, path));
    const differences = extra.map((path) => [path, 'is not part of this build']);
    if (total !== totalOf(files)) differences.push([hashesFile, 'total is not that of its files']);
    else if (total !== totalOf(ours)) differences.push([hashesFile, `total is ${total}`]);
    return differences;
  } catch (error) {
    return [[hashesFile, `cannot be read: ${error.cause?.message ?? error.message}`]];
  }
}

function unlisted(folder, ours) {
  const theirs = folder === null ? [] : Object.keys(hashFolder(folder));
  return theirs
    .filter((path) => !Object.hasOwn(ours, path))
    .map((path) => [path, 'is not part of this build']);
}

async function differences({ read, folder }, ours) {
  const expected = Object.entries(ours);
  if (folder === null) {
    for (const route of pageRoutes) expected.push([route, ours['index.html']]);
  }
  const found = new Map();
  for (const [path, file] of expected) {
    const difference = await differenceOf(read, path, file);
    if (difference !== null) found.set(path === '' ? '/' : path, difference);
  }
  for (const [path, difference] of unlisted(folder, ours)) found.set(path, difference);
  for (const [path, difference] of await listDifferences(read, ours)) found.set(path, difference);
  return [...found];
}

function localBuild(folder) {
  if (folder !== undefined) return callerPath(folder);
  requireNode();
  ensureDependencies({ stdio: ['ignore', 2, 2] });
  if (buildWeb({ stdio: ['ignore', 2, 2] }) !== 0) throw new Error('nothing to compare with');
  return join(root, 'dist', 'web');
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { build: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(usage.trimEnd());
  const [target] = positionals;
  if (target === undefined || positionals.length > 1) throw new UsageError('one HUB is needed');
  const source = reader(target);
  const ours = hashFolder(localBuild(values.build));
  const found = await differences(source, ours);
  for (const [path, difference] of found) console.log(`${path}: ${difference}`);
  const count = Object.keys(ours).length;
  if (found.length === 0) {
    console.log(`${target}: all ${count} files are those of this build, total ${totalOf(ours)}`);
  } else {
    console.log(`${target}: ${found.length} differences from the ${count} files of this build`);
    process.exitCode = 1;
  }
}

main().catch((error) => {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(`error: ${error.message}`);
  if (isUsage) console.error(usage);
  process.exitCode = isUsage ? 2 : 1;
});
