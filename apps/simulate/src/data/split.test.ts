import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdOut } from './held-out.ts';
import type { Row } from './read-rows.ts';
import { splitRows } from './split.ts';

const rowsOf = (labels: readonly string[]): Row[] =>
  labels.map((output, i) => ({ input: `text ${i}`, output, group: `site ${i % 3}` }));
const sorted = (rows: readonly Row[]): string[] => rows.map(({ input }) => input).sort();
const labels = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 12, maxLength: 80 });

describe('splitting rows over clients', () => {
  it('gives every row to exactly one client and every client at least one row', () => {
    const split = fc.constantFrom('iid' as const, 'label-skew' as const);
    fc.assert(
      fc.property(labels, split, fc.integer({ min: 1, max: 12 }), (given, kind, clients) => {
        const rows = rowsOf(given);
        const parts = splitRows(rows, { kind }, clients, 'seed');
        expect(parts).toHaveLength(clients);
        expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
        expect(sorted(parts.flat())).toEqual(sorted(rows));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('splits evenly at random and unevenly by label', () => {
    const rows = rowsOf(Array.from({ length: 400 }, (_, i) => 'abcd'.charAt(i % 4)));
    const spread = (kind: 'iid' | 'label-skew') => {
      const counts = splitRows(rows, { kind }, 8, 'seed').map(
        (part) => part.filter(({ output }) => output === 'a').length,
      );
      return Math.max(...counts) - Math.min(...counts);
    };
    // 100 rows of a label over 8 clients: 12 or 13 each on average.
    expect(spread('iid')).toBeLessThan(15);
    expect(spread('label-skew')).toBeGreaterThan(25);
  });

  it('keeps the rows of one column value together', () => {
    const rows = rowsOf(Array.from({ length: 30 }, () => 'a'));
    const split = { kind: 'column', column: 'site' } as const;
    const groups = splitRows(rows, split, null, 'seed').map(
      (part) => new Set(part.map(({ group }) => group)).size,
    );
    expect(groups).toEqual([1, 1, 1]);
    expect(splitRows(rows, split, 2, 'seed').map(({ length }) => length).sort()).toEqual([10, 20]);
    expect(() => splitRows(rows, split, 4, 'seed')).toThrow('--clients must be ≤ 3');
  });

  it('refuses more clients than rows', () => {
    expect(() => splitRows(rowsOf(['a', 'b']), { kind: 'iid' }, 3, 'seed')).toThrow(
      '--clients must be ≤ 2, the training rows, got 3',
    );
  });

  it('depends on the seed and on nothing else', () => {
    const rows = rowsOf(Array.from({ length: 40 }, (_, i) => 'ab'.charAt(i % 2)));
    const draw = (seed: string) => splitRows(rows, { kind: 'label-skew' }, 4, seed);
    expect(draw('x')).toEqual(draw('x'));
    expect(draw('x')).not.toEqual(draw('y'));
  });
});

describe('holding rows out', () => {
  it('loses no row, has the size asked for and leaves something to train on', () => {
    const share = fc.double({ min: 0.01, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(labels, share, (given, fraction) => {
        const rows = rowsOf(given);
        const { train, test } = holdOut(rows, fraction, 1_000, 'seed');
        expect(sorted([...train, ...test])).toEqual(sorted(rows));
        expect(train.length).toBeGreaterThan(0);
        expect(test).toHaveLength(Math.max(1, Math.round(fraction * rows.length)));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('keeps the proportions of the labels', () => {
    const rows = rowsOf(Array.from({ length: 500 }, (_, i) => (i % 5 === 0 ? 'rare' : 'common')));
    const { test } = holdOut(rows, 0.2, 1_000, 'seed');
    // A fifth of 500 rows, a fifth of them rare.
    expect(test.filter(({ output }) => output === 'rare')).toHaveLength(20);
    expect(test).toHaveLength(100);
  });

  it('takes no more than the largest test set', () => {
    const rows = rowsOf(Array.from({ length: 500 }, () => 'a'));
    expect(holdOut(rows, 0.5, 30, 'seed').test).toHaveLength(30);
  });
});
