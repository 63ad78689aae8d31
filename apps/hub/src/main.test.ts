import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { passwordHashPattern } from './auth/password.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

function hub(args: string[], input = '') {
  const main = join(import.meta.dirname, 'main.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', loader, main, ...args],
    { cwd: tmpdir(), input, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('the hub program', () => {
  it('explains its options', () => {
    const { status, stdout } = hub(['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--self-signed');
  });

  it('ends with status 2 and one clear line for a setting out of range', () => {
    const { status, stdout, stderr } = hub(['--port', '99999']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'port (command line) is 99999; allowed: a whole number from 0 (any free port) to 65535\n',
    );
  });

  it('prints a password hash that it would accept itself', () => {
    const { status, stdout } = hub(['--hash-password'], 'a long enough password\n');
    expect(status).toBe(0);
    expect(stdout.trim()).toMatch(passwordHashPattern);
  });
});
