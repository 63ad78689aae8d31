import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from './base64url.ts';

describe('base64url', () => {
  it('is that of Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(toBase64url(bytes)).toBe(text);
        expect(fromBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it('reads no text but the one that it writes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 90 }), (text) => {
        const bytes = fromBase64url(text);
        if (bytes !== null) expect(toBase64url(bytes)).toBe(text);
      }),
    );
    // One byte 0x00 is AA; AB would be the same byte with a spare bit set.
    expect(fromBase64url('AA')).toEqual(Uint8Array.of(0));
    expect(fromBase64url('AB')).toBeNull();
    expect(fromBase64url('A')).toBeNull();
    expect(fromBase64url('AA==')).toBeNull();
    expect(fromBase64url('A+')).toBeNull();
  });
});
