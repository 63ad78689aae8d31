import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCertificate } from './certificate.ts';
import { parseCommandLine } from './command-line.ts';
import { ConfigError } from './config-error.ts';
import { configKeys } from './keys.ts';
import { loadConfig } from './load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roundtable-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const load = (args: string[], environment: Record<string, string> = {}) =>
  loadConfig(parseCommandLine(args), environment, folder);
const writeSettings = (content: string) => writeFile(join(folder, 'hub.config.json'), content);

describe('loadConfig', () => {
  it('serves plain HTTP on 127.0.0.1:8720 when nothing is configured', async () => {
    const config = await load([]);
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8720, tls: { kind: 'none' } });
    expect(config.dataDir).toBe(join(folder, 'data'));
    expect(config.publicUrl).toBeNull();
  });

  it('lets the command line win over the environment and the environment over the file', async () => {
    await writeSettings('{"port": 1001, "host": "0.0.0.0", "operator": "Example Inc."}');
    const config = await load(['--port', '1003'], { PORT: '1002', HOST: '::1' });
    expect(config).toMatchObject({ port: 1003, host: '::1', operator: 'Example Inc.' });
  });

  it('counts an empty environment variable as absent', async () => {
    expect((await load([], { PORT: '' })).port).toBe(8720);
  });

  const bad: readonly [string, string[], Record<string, string>, string | null, RegExp][] = [
    [
      'a port above the range',
      [],
      { PORT: '70000' },
      null,
      /port \(environment PORT\) is 70000; allowed: a whole number from 0/,
    ],
    [
      'a port that is no number',
      ['--port', 'abc'],
      {},
      null,
      /port \(command line\) is "abc"; allowed/,
    ],
    [
      'a port as text in the file',
      [],
      {},
      '{"port": "8720"}',
      /port \(hub\.config\.json\) is "8720"/,
    ],
    [
      'an unknown key',
      [],
      {},
      '{"prot": 1}',
      /prot \(hub\.config\.json\) is not a setting; known: host, port/,
    ],
    ['a file that is no JSON', [], {}, '{port: 1}', /hub\.config\.json is not JSON/],
    ['a file with a list', [], {}, '[]', /must hold one JSON object/],
    [
      'a certificate without its key',
      [],
      { TLS_CERT: 'c.pem' },
      null,
      /belong together: tlsKey is missing/,
    ],
    [
      'both kinds of certificate',
      ['--self-signed'],
      { TLS_CERT: 'c', TLS_KEY: 'k' },
      null,
      /selfSigned and tlsCert exclude each other/,
    ],
    [
      'a public address with a path',
      ['--public-url', 'https://a.example/x'],
      {},
      null,
      /publicUrl is "https:\/\/a\.example\/x"/,
    ],
    [
      'a public address of another scheme',
      ['--public-url', 'ftp://a.example'],
      {},
      null,
      /publicUrl \(command line\)/,
    ],
    [
      'a log level that does not exist',
      [],
      { LOG_LEVEL: 'loud' },
      null,
      /logLevel .* allowed: one of fatal, error/,
    ],
    [
      'a wrong boolean',
      [],
      { SELF_SIGNED: 'maybe' },
      null,
      /selfSigned \(environment SELF_SIGNED\) is "maybe"/,
    ],
    [
      'a ceiling of no ε at all',
      [],
      { MAX_EPSILON: '0' },
      null,
      /maxEpsilon \(environment MAX_EPSILON\) is 0; allowed: a number above 0/,
    ],
    ['a cohort of nobody', [], {}, '{"minCohort": 0}', /minCohort \(hub\.config\.json\) is 0/],
    ['a retention of part of a day', [], { RETENTION_DAYS: '0.5' }, null, /retentionDays .*0\.5/],
    ['an option that does not exist', ['--prot', '1'], {}, null, /--prot/],
    [
      'an option of the demonstration without it',
      ['--rounds', '3'],
      {},
      null,
      /--rounds belongs to --demo/,
    ],
    [
      'a named file that is missing',
      ['--config', 'none.json'],
      {},
      null,
      /none\.json cannot be read/,
    ],
  ];
  it.each(bad)(
    'refuses %s by key, value and range',
    async (_name, args, environment, file, message) => {
      if (file !== null) await writeSettings(file);
      const attempt = async () => load(args, environment);
      await expect(attempt()).rejects.toThrow(ConfigError);
      await expect(attempt()).rejects.toThrow(message);
    },
  );

  it('has ceilings of its own where the organization sets none, and those that it sets', async () => {
    const unset = await load([]);
    expect(unset).toMatchObject({
      ceilings: { maxEpsilon: 16, minCohort: 1, isPrivacyRequired: false },
      retentionDays: 365,
    });
    const environment = { MAX_EPSILON: '2.5', MIN_COHORT: '10', REQUIRE_PRIVACY: 'true' };
    expect((await load([], environment)).ceilings).toEqual({
      maxEpsilon: 2.5,
      minCohort: 10,
      isPrivacyRequired: true,
    });
  });

  it('keeps commas in folders given by --model, and splits MODEL_DIRS at them', async () => {
    const fromOptions = await load(['--model', '/a,b', '--model', '/c']);
    expect(fromOptions.modelDirs).toEqual(['/a,b', '/c']);
    expect((await load([], { MODEL_DIRS: '/a, /c' })).modelDirs).toEqual(['/a', '/c']);
  });

  it('names every faulty key of a layer at once', async () => {
    await expect(load([], { PORT: 'x', LOG_LEVEL: 'y' })).rejects.toThrow(/port[^]*logLevel/);
  });

  it('never quotes a password', async () => {
    await expect(load([], { ADMIN_PASSWORD: 'short-one' })).rejects.toThrow(
      /adminPassword \(environment ADMIN_PASSWORD\) is \(hidden, 9 characters\)/,
    );
  });
});

describe('docs/CONFIGURATION.md', () => {
  it('lists every key with its environment variable', async () => {
    const page = await readFile(
      join(import.meta.dirname, '../../../../docs/CONFIGURATION.md'),
      'utf8',
    );
    for (const [key, { env }] of Object.entries(configKeys)) {
      expect(page.replaceAll(/ +/g, ' ')).toContain(`| \`${key}\` | \`${env}\` |`);
    }
  });
});

describe('loadCertificate', () => {
  it('makes a certificate for localhost once and keeps it', async () => {
    const nowMs = Date.now();
    const first = await loadCertificate({ kind: 'self-signed' }, folder, nowMs);
    const second = await loadCertificate({ kind: 'self-signed' }, folder, nowMs);
    expect(second).toEqual(first);
    const parsed = new X509Certificate(first!.cert);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('makes a new one shortly before the old one expires', async () => {
    const dayMs = 86_400_000;
    const first = await loadCertificate({ kind: 'self-signed' }, folder, Date.now() - 390 * dayMs);
    const second = await loadCertificate({ kind: 'self-signed' }, folder, Date.now());
    expect(second!.cert).not.toBe(first!.cert);
  });

  it('names a file that cannot be read', async () => {
    const tls = { kind: 'files', certPath: join(folder, 'no.pem'), keyPath: 'x' } as const;
    await expect(loadCertificate(tls, folder, 0)).rejects.toThrow(/tlsCert is ".*no\.pem"/);
  });
});
