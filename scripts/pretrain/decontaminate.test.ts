import { describe, expect, it } from 'vitest';

import { LeakFilter, templateFiveGrams } from './decontaminate.ts';

describe('templateFiveGrams', () => {
  it('lists five words at a time and never crosses a slot: 7 - 4 = 3 from one side, none of 2', () => {
    expect(templateFiveGrams('One two three four five six seven {slot} eight nine.')).toEqual([
      'one two three four five',
      'two three four five six',
      'three four five six seven',
    ]);
  });

  it('joins Japanese words without blanks', () => {
    for (const gram of templateFiveGrams('荷物がまだ届きません。')) {
      expect('荷物がまだ届きません').toContain(gram);
    }
    expect(templateFiveGrams('荷物がまだ届きません。').length).toBeGreaterThan(0);
  });
});

describe('LeakFilter', () => {
  const filter = new LeakFilter([
    'My {product} never came back from them.',
    '荷物がまだ届きません。',
  ]);

  it('finds a planted English 5-gram whatever its case and punctuation', () => {
    expect(filter.find('Well, it NEVER came back from them!')).toBe('never came back from them');
  });

  it('finds a planted Japanese 5-gram inside a longer text', () => {
    expect(filter.find('こんにちは。私の荷物がまだ届きませんでした')).toBeDefined();
  });

  it('lets four words pass', () => {
    expect(filter.find('it never came back from there')).toBeUndefined();
    expect(filter.find('荷物が着きました')).toBeUndefined();
  });
});
