import { describe, expect, it } from 'vitest';
import { memo } from './memo.ts';

describe('memo', () => {
  it('makes each value once and forgets the oldest beyond the weight', () => {
    const made: string[] = [];
    const texts = memo<string>(6, (text) => text.length);
    const get = (key: string): string =>
      texts.get(key, () => {
        made.push(key);
        return key;
      });
    for (const key of ['aaa', 'bbb', 'aaa', 'bbb']) expect(get(key)).toBe(key);
    expect(made).toEqual(['aaa', 'bbb']);
    get('ccc'); // aaa goes
    get('bbb');
    get('aaa');
    expect(made).toEqual(['aaa', 'bbb', 'ccc', 'aaa']);
  });

  it('returns, but does not keep, a value heavier than all of it', () => {
    let made = 0;
    const texts = memo<string>(2, (text) => text.length);
    const make = (): string => `${(made += 1)} heavy`;
    expect(texts.get('k', make)).toBe('1 heavy');
    expect(texts.get('k', make)).toBe('2 heavy');
  });
});
