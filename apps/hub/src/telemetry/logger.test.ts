import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function capture(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let output = '';
  write(createLogger('info', { write: (line) => (output += line) }));
  return output;
}

describe('createLogger', () => {
  it('removes tokens, passwords and texts at each level of an object', () => {
    const output = capture((logger) => {
      logger.info(
        { token: 'sesame-1', a: { password: 'sesame-2', b: { input: 'sesame-3' } } },
        'x',
      );
      logger.info({ headers: { authorization: 'Bearer sesame-4' } }, 'x');
    });
    expect(output).toContain('[removed]');
    expect(output).not.toContain('sesame');
  });

  it('logs requests without query', () => {
    const output = capture((logger) => {
      logger.info({ req: { method: 'GET', url: '/api/federations?token=sesame' } }, 'x');
    });
    expect(output).toContain('/api/federations');
    expect(output).not.toContain('sesame');
  });
});
