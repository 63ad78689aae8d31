import { describe, expect, it } from 'vitest';
import { adapterShapeDigest } from './adapter-shape.ts';
import { fromHex, toHex } from './sha256.ts';

const shape = {
  rank: 4,
  alpha: 8,
  aInit: 'orthonormal',
  aSeed: 'seed',
  fanInFanOut: false,
  targets: [
    { module: 'layers.0.o_proj', inFeatures: 8, outFeatures: 6 },
    { module: 'layers.0.down_proj', inFeatures: 12, outFeatures: 6 },
  ],
} as const;

describe('adapterShapeDigest', () => {
  it('does not depend on the order or number of other fields', async () => {
    const { rank, ...rest } = shape;
    const targets = shape.targets.map((target) => ({ layer: 0, ...target }));
    const other = { ...rest, targets, rank };
    expect(await adapterShapeDigest(other, 'lora')).toBe(await adapterShapeDigest(shape, 'lora'));
  });

  it.each([
    { rank: 5 },
    { alpha: 9 },
    { aInit: 'kaiming' as const },
    { aSeed: 'other' },
    { fanInFanOut: true },
    { targets: [...shape.targets].reverse() },
    { targets: shape.targets.slice(0, 1) },
  ])('is another one for %j', async (change) => {
    const digest = await adapterShapeDigest(shape, 'ffa-lora');
    expect(await adapterShapeDigest({ ...shape, ...change }, 'ffa-lora')).not.toBe(digest);
  });

  it('is another one for another method', async () => {
    expect(await adapterShapeDigest(shape, 'lora')).not.toBe(
      await adapterShapeDigest(shape, 'ffa-lora'),
    );
  });
});

describe('hexadecimal', () => {
  it('comes back as the bytes it was made of', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(fromHex(toHex(bytes))).toEqual(bytes);
  });

  it.each(['a', 'zz', 'AB'])('of another form is refused: %s', (hex) => {
    expect(() => fromHex(hex)).toThrow(/pairs of 0-9a-f/);
  });
});
