import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages: Record<string, string> = {
  'assets/page-1.js': 'export const page = 1;\n',
  'assets/worker-2.js': 'postMessage(2);\n',
  'icon.svg': '<svg/>\n',
  'index.html': '<script src="/assets/page-1.js"></script>\n',
};
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** The list as `sha256sum` and `wc -c` would give it. */
function hashList(files: Record<string, string>): string {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([path, text]) => `${hash(text)}  ${text.length}  ${path}\n`);
  const list = entries.map(([path, text]) => [path, { sha256: hash(text), bytes: text.length }]);
  const total = hash(lines.join(''));
  return JSON.stringify({ version: '0.1.0', total, files: Object.fromEntries(list) as unknown });
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function verify(...args: string[]) {
  return new Promise<{ status: number | null; stdout: string }>((resolve) => {
    const program = join(root, 'scripts', 'verify-bundle.mjs');
    const child = execFile(process.execPath, [program, ...args], { cwd: root }, (_, stdout) => {
      resolve({ status: child.exitCode, stdout });
    });
  });
}

/** Files of a folder, and the one page for every path without an extension, as a hub serves them. */
function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1));
    const file = extname(path) === '' ? 'index.html' : path;
    readFile(join(folder, file)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end('{}'),
    );
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    }),
  );
}

let place = '';
let build = '';
let hub = '';
let server: Server;
let url = '';
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'roundtable-bundle-'));
  [build, hub] = [join(place, 'build'), join(place, 'hub')];
  await writeFiles(build, { ...pages, 'bundle-hashes.json': hashList(pages) });
  await writeFiles(build, { '.vite/manifest.json': '{}', 'models/base/config.json': '{}' });
  server = await serve(hub);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(place, { recursive: true, force: true });
});

/** What the command says of a hub that serves the build but for these files. */
async function verdictOn(changed: Record<string, string>, missing: string[] = []) {
  await rm(hub, { recursive: true, force: true });
  await cp(build, hub, { recursive: true });
  await writeFiles(hub, changed);
  for (const path of missing) await rm(join(hub, path));
  return verify(url, '--build', build);
}

describe('verify-bundle', () => {
  it('finds a hub with the same files the same, by the total that anybody can compute', async () => {
    const { status, stdout } = await verdictOn({});
    const { total } = JSON.parse(hashList(pages)) as { total: string };
    expect([status, stdout]).toEqual([
      0,
      `${url}: all 4 files are those of this build, total ${total}\n`,
    ]);
  });

  it('names the one file that was tampered with, though the hub lists the hash of the true one', async () => {
    const text = 'postMessage(3);\n';
    const { status, stdout } = await verdictOn({ 'assets/worker-2.js': text });
    expect(status).toBe(1);
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      `assets/worker-2.js: differs: ${text.length} bytes, SHA-256 ${hash(text)}`,
      `${url}: 1 differences from the 4 files of this build`,
    ]);
  });

  it('sees another page at every address where a person may enter', async () => {
    const { status, stdout } = await verdictOn({
      'index.html': '<script src="/evil.js"></script>',
    });
    expect(status).toBe(1);
    const named = stdout.split('\n').map((line) => line.split(':')[0]);
    expect(named).toEqual(expect.arrayContaining(['/', 'index.html', 'join', 'contribute']));
  });

  it('names missing files, and files that the hub lists but the build has not', async () => {
    const list = hashList({ ...pages, 'assets/more.js': 'more' });
    const { status, stdout } = await verdictOn({ 'bundle-hashes.json': list }, ['icon.svg']);
    expect(status).toBe(1);
    expect(stdout).toContain('icon.svg: cannot be read: status 404\n');
    expect(stdout).toContain('assets/more.js: is not part of this build\n');
    expect(stdout).toMatch(/^bundle-hashes\.json: total is [0-9a-f]{64}$/m);
  });

  it('compares folders, and sees files there that no list names', async () => {
    await verdictOn({ 'assets/hidden.js': 'hidden' });
    const { status, stdout } = await verify(hub, '--build', build);
    expect(status).toBe(1);
    expect(stdout).toContain('assets/hidden.js: is not part of this build\n');
    expect((await verify(build, '--build', build)).status).toBe(0);
  });

  it('ends with 1 where nobody answers and with 2 where nothing is named', async () => {
    const free = await serve(build);
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const { status, stdout } = await verify(`http://127.0.0.1:${port}`, '--build', build);
    expect([status, stdout.includes('index.html: cannot be read')]).toEqual([1, true]);
    expect((await verify()).status).toBe(2);
    expect((await verify('no-such-folder', '--build', build)).status).toBe(2);
  });
});
