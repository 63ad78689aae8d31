import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnchanged, parseRange } from './ranges.ts';

const etag = '"abc"';
const whole = { kind: 'whole' };

describe('parseRange', () => {
  it.each([
    ['bytes=0-4', { kind: 'part', start: 0, end: 4 }],
    ['bytes=5-', { kind: 'part', start: 5, end: 9 }],
    ['bytes=-3', { kind: 'part', start: 7, end: 9 }],
    ['bytes=-30', { kind: 'part', start: 0, end: 9 }],
    ['bytes=8-99', { kind: 'part', start: 8, end: 9 }],
    ['bytes=10-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=4-2', whole],
    ['bytes=-', whole],
    ['bytes=0-1,3-4', whole],
    ['lines=0-1', whole],
    [undefined, whole],
  ])('reads %s of 10 bytes', (header, expected) => {
    expect(parseRange(header, undefined, etag, 10)).toEqual(expected);
  });

  it('sends the whole file where If-Range names another version', () => {
    expect(parseRange('bytes=0-4', '"old"', etag, 10)).toEqual(whole);
    expect(parseRange('bytes=0-4', etag, etag, 10)).toEqual({ kind: 'part', start: 0, end: 4 });
  });

  it('never leaves the file, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat({ max: 1_000 }), (text, a, b, size) => {
        for (const header of [
          text,
          `bytes=${text}`,
          `bytes=${a}-${b}`,
          `bytes=-${a}`,
          `bytes=${a}-`,
        ]) {
          const wish = parseRange(header, undefined, etag, size);
          if (wish.kind !== 'part') continue;
          expect(wish.start).toBeGreaterThanOrEqual(0);
          expect(wish.start).toBeLessThanOrEqual(wish.end);
          expect(wish.end).toBeLessThan(size);
        }
      }),
    );
  });
});

describe('isUnchanged', () => {
  it('compares weakly and knows lists and the star', () => {
    expect(isUnchanged('"x", W/"abc"', etag)).toBe(true);
    expect(isUnchanged('*', etag)).toBe(true);
    expect(isUnchanged('"x"', etag)).toBe(false);
    expect(isUnchanged(undefined, etag)).toBe(false);
  });
});
