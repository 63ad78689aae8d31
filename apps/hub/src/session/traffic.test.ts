import { describe, expect, it } from 'vitest';
import { packetBytes } from './traffic.ts';

describe('the bytes of a packet', () => {
  it('of text are its UTF-8 and one for the type', () => {
    expect(packetBytes({ data: 'aé山' })).toBe(1 + 1 + 2 + 3);
  });

  it('of binary data are its own', () => {
    expect(packetBytes({ data: Buffer.alloc(1_000) })).toBe(1_000);
  });

  it('without data are one for the type', () => {
    expect(packetBytes({})).toBe(1);
  });
});
