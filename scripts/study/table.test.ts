import { describe, expect, it } from 'vitest';
import { markdownTable, spread } from './table.ts';

describe('spread', () => {
  it('is mean and sample standard deviation', () => {
    // deviations −1, 0, 1: √(2 / 2) = 1
    expect(spread([1, 2, 3])).toEqual({ mean: 2, stddev: 1 });
  });

  it('is 0 for one value', () => {
    expect(spread([0.4])).toEqual({ mean: 0.4, stddev: 0 });
  });
});

describe('markdownTable', () => {
  it('has a row per quantity and the mean in the last column', () => {
    const table = markdownTable(['1', '2'], [{ name: 'base', values: [0.1, 0.3] }]);
    // mean 20, deviations ∓10: √(200 / 1) = 14.1
    expect(table.split('\n').at(-1)).toBe('| base | 10.0 | 30.0 | 20.0 ± 14.1 |');
  });
});
