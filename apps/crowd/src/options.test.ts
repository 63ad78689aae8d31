import { describe, expect, it } from 'vitest';
import { UsageError, parseCrowdOptions } from './options.ts';

const invite = 'abcdefghijklmnop-_12';
const needed = ['--hub', 'http://127.0.0.1:8720/dashboard', '--invite', invite];

describe('the command line of the crowd', () => {
  it('follows the demonstration of the hub at the address where nothing else is said', () => {
    expect(parseCrowdOptions(needed)).toMatchObject({
      hub: 'http://127.0.0.1:8720',
      invite,
      clients: null,
      seed: 'demo',
      examples: 300,
    });
  });

  it('starts no more threads than there can be people', () => {
    expect(parseCrowdOptions([...needed, '--clients', '1', '--threads', '4']).threads).toBe(1);
  });

  it.each([
    [['--invite', invite], '--hub must be an http or https address, got ""'],
    [['--hub', 'ftp://x', '--invite', invite], '--hub must be an http or https address'],
    [['--hub', 'http://x', '--invite', 'short'], '--invite must be an invite token'],
    [[...needed, '--clients', '0'], '--clients must be a whole number from 1 to 200, got "0"'],
    [[...needed, '--clients', '201'], '--clients must be a whole number from 1 to 200'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCrowdOptions(args)).toThrow(UsageError);
    expect(() => parseCrowdOptions(args)).toThrow(message);
  });

  it.each(['-bcdefghijklmnop-_12', '--cdefghijklmnop-_12'])('takes the invite %s', (token) => {
    const args = ['--hub', 'http://127.0.0.1:8720', '--invite', token, '--clients', '2'];
    expect(parseCrowdOptions(args)).toMatchObject({ invite: token, clients: 2 });
  });

  it('refuses options that it does not know', () => {
    expect(() => parseCrowdOptions([...needed, '--people', '3'])).toThrow('--people');
  });
});
