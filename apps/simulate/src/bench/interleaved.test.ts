import { describe, expect, it } from 'vitest';
import { compare, median } from './interleaved.ts';

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
  });
});

describe('compare', () => {
  it('warms both up, then runs as many pairs as asked, changing who goes first', async () => {
    const calls: string[] = [];
    const record = (name: string) => () => {
      calls.push(name);
      return Promise.resolve();
    };
    const { pairs } = await compare(record('a'), record('b'), 3);
    expect(calls.join('')).toBe('ab' + 'ab' + 'ba' + 'ab');
    expect(pairs).toBe(3);
  });
});
