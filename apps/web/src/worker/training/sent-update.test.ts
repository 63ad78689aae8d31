import { encodeUpdateFrame } from '@roundtable/protocol';
import type { FrameBits } from '@roundtable/protocol';
import { encodeIntegers, encodePayload } from '@roundtable/quantize';
import { describe, expect, it } from 'vitest';
import { describeFrame } from './sent-update.ts';

const header = {
  federationId: 'federation1',
  clientId: 'client-0001',
  round: 3,
  shapeDigest: 'a'.repeat(64),
  sampleCount: 0,
};
const gridFrame = (values: number[], bits: FrameBits) =>
  encodeUpdateFrame(
    { ...header, bits, blockSize: 0, parameterCount: values.length },
    encodeIntegers(Int32Array.from(values), bits === 16 ? 2 : bits === 24 ? 3 : 4),
  );

describe('describeFrame', () => {
  it.each([16, 24, 32] as const)('shows the grid integers of a frame of %d bits', async (bits) => {
    const values = [-300, 0, 7, 299];
    const sent = await describeFrame(3, await gridFrame(values, bits));
    expect(sent).toMatchObject({ round: 3, bits, blockSize: 0, parameterCount: 4 });
    expect(sent.firstCodes).toEqual(values);
    // 2 · √4 + 1 columns
    expect(sent.histogram).toEqual([
      { code: -300, count: 1 },
      { code: -150, count: 0 },
      { code: 0, count: 2 },
      { code: 150, count: 0 },
      { code: 300, count: 1 },
    ]);
  });

  it.each([
    ['the 160 scalars of a round of the zeroth order', 160, 27],
    ['a whole adapter', 20_000, 101],
  ])('draws %s in columns that hold several numbers', async (_, count, columns) => {
    const values = Array.from({ length: count }, (__, i) => i - count / 2);
    const { histogram } = await describeFrame(3, await gridFrame(values, 24));
    expect(histogram).toHaveLength(columns);
    expect(histogram.reduce((sum, { count: own }) => sum + own, 0)).toBe(count);
  });

  it('gives each of few grid integers a column of its own', async () => {
    const sent = await describeFrame(3, await gridFrame([-2, 1, 1], 16));
    expect(sent.histogram).toEqual([
      { code: -2, count: 1 },
      { code: -1, count: 0 },
      { code: 0, count: 0 },
      { code: 1, count: 2 },
      { code: 2, count: 0 },
    ]);
  });

  it('shows the codes of blocks: one column for each of the 255 codes of 8 bits', async () => {
    const codes = Uint8Array.from([1, 255, 127, 129]);
    const scales = Uint16Array.from([0x3c00]);
    const payload = encodePayload({ bits: 8, blockSize: 64, length: 4, scales, codes });
    const frame = await encodeUpdateFrame(
      { ...header, bits: 8, blockSize: 64, parameterCount: 4 },
      payload,
    );
    const sent = await describeFrame(3, frame);
    expect(sent.firstCodes).toEqual([1, -1, 127, -127]);
    expect(sent.histogram).toHaveLength(255);
    expect(sent.histogram.at(-1)).toEqual({ code: 127, count: 1 });
  });

  it('says that the numbers are gone where they were deleted', async () => {
    expect(await describeFrame(2, null)).toMatchObject({ round: 2, parameterCount: 0 });
  });
});
