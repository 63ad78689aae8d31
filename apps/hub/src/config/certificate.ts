import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { ConfigError } from './config-error.ts';
import type { TlsConfig } from './config.ts';

/** PEM texts for an HTTPS server. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
// Browsers refuse server certificates that live longer than 398 days.
const LIFETIME_DAYS = 397;
const RENEW_BEFORE_DAYS = 14;

/**
 * The certificate to serve, or null for plain HTTP. A self-signed one is kept in `dataDir` and made anew shortly
 * before it expires, so that people who accepted it are not asked at every start.
 * @throws ConfigError where a given file cannot be read
 */
export async function loadCertificate(
  tls: TlsConfig,
  dataDir: string,
  nowMs: number,
): Promise<Certificate | null> {
  if (tls.kind === 'none') return null;
  if (tls.kind === 'files') {
    return {
      cert: await readPem('tlsCert', tls.certPath),
      key: await readPem('tlsKey', tls.keyPath),
    };
  }
  const folder = join(dataDir, 'tls');
  const kept = await readKept(folder, nowMs);
  if (kept !== null) return kept;
  const made = await makeCertificate(nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, 'key.pem'), made.key);
  await writeWhole(join(folder, 'cert.pem'), made.cert);
  return made;
}

async function readPem(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${key} is "${path}", which cannot be read: ${(error as Error).message}`);
  }
}

async function readKept(folder: string, nowMs: number): Promise<Certificate | null> {
  try {
    const cert = await readFile(join(folder, 'cert.pem'), 'utf8');
    const key = await readFile(join(folder, 'key.pem'), 'utf8');
    const expiresAtMs = Date.parse(new X509Certificate(cert).validTo);
    return expiresAtMs - nowMs > RENEW_BEFORE_DAYS * DAY_MS ? { cert, key } : null;
  } catch {
    // Missing or damaged: a new one is made.
    return null;
  }
}

async function makeCertificate(nowMs: number): Promise<Certificate> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const names = new Set(['localhost', hostname()]);
  const ips = new Set(['127.0.0.1', ...addresses.map(({ address }) => address.split('%')[0]!)]);
  const pems = await generate([{ name: 'commonName', value: 'Roundtable hub' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + LIFETIME_DAYS * DAY_MS - DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...[...names].map((value) => ({ type: 2 as const, value })),
          ...[...ips].map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { cert: pems.cert, key: pems.private };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
