import { describe, expect, it } from 'vitest';
import { parseFragment } from './fragment-token.ts';

describe('parseFragment', () => {
  it('takes a bare token and a named one', () => {
    expect(parseFragment('#abcdefghijklmnop')).toBe('abcdefghijklmnop');
    expect(parseFragment('#token=abcdefghijklmnop')).toBe('abcdefghijklmnop');
  });
  it('refuses an empty fragment, a short one and one with other characters', () => {
    expect(parseFragment('')).toBeNull();
    expect(parseFragment('#short')).toBeNull();
    expect(parseFragment('#<script>alert(1)</script>')).toBeNull();
  });
});
