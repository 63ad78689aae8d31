// What a fresh clone needs before anything else runs: dependencies, and a Chromium for the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program in the repository's root, its output shown; returns its exit status. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Stops with a plain message where the running Node is older than `engines.node`. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Roundtable needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the locked dependencies where they are missing or older than the lock file. */
export function ensureDependencies({ stdio = 'inherit' } = {}) {
  const marker = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  const isCurrent =
    existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs - 60_000;
  if (isCurrent && existsSync(join(root, 'node_modules', 'tsx'))) return;
  console.error('Installing dependencies (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const status = run(npm, ['ci', '--no-audit', '--no-fund'], { stdio });
  if (status !== 0) {
    console.error(
      'npm ci failed: see the lines above. A network connection to a package registry is needed once.',
    );
    process.exit(status);
  }
}

const chromiumPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright');
    const path = chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

const isDebianRoot = () =>
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version') &&
  /debian/i.test(readFileSync('/etc/os-release', 'utf8'));

/** The path of a Chromium with WebGPU: CHROMIUM_PATH, an installed one, or one installed now. */
export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    console.error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    process.exit(1);
  }
  const found = chromiumPlaces.find((place) => existsSync(place)) ?? (await playwrightChromium());
  if (found) return found;
  if (isDebianRoot()) {
    console.error('Installing Chromium from the Debian packages …');
    run('apt-get', ['update', '-qq']);
    if (
      run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk']) === 0 &&
      existsSync('/usr/bin/chromium')
    )
      return '/usr/bin/chromium';
  }
  console.error('Installing Chromium through Playwright …');
  run('npx', ['playwright', 'install', 'chromium']);
  const downloaded = await playwrightChromium();
  if (downloaded) return downloaded;
  console.error(
    'No Chromium was found or could be installed. Install Chrome or Chromium, or set CHROMIUM_PATH to its program file, and run npm test again.',
  );
  process.exit(1);
}
