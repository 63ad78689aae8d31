import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeScalarRecord, encodeScalarRecord, scalarRecordByteLength } from './scalar-record.ts';
import type { ScalarRecord } from './scalar-record.ts';

const hash = (digit: string): string => digit.repeat(64);
const follower: ScalarRecord = {
  round: 5,
  completedRounds: 3,
  previous: { sha256: hash('a'), sizeBytes: 744, round: 4 },
  stateSha256: hash('b'),
  learningRate: 0.125,
  scalars: Float32Array.of(1, -2.5, 3e-20),
  start: null,
};
const genesis: ScalarRecord = {
  round: 0,
  completedRounds: 0,
  previous: null,
  stateSha256: hash('c'),
  learningRate: 0,
  scalars: new Float32Array(),
  start: Float32Array.of(0.5, -0, 7),
};

describe('a scalar record', () => {
  it('comes back as it was', () => {
    for (const record of [follower, genesis, { ...genesis, start: null }]) {
      expect(decodeScalarRecord(encodeScalarRecord(record))).toEqual(record);
    }
  });

  it('has 104 bytes and 4 for each number: 744 for 10 steps of 16 directions', () => {
    expect(encodeScalarRecord(follower)).toHaveLength(104 + 12);
    expect(scalarRecordByteLength(160)).toBe(744);
    expect(scalarRecordByteLength(0)).toBeLessThan(160);
  });

  it('gives every byte to a field: what is taken encodes to the very same bytes', () => {
    const files = [follower, genesis].map(encodeScalarRecord);
    let taken = 0;
    const change = fc.record({
      file: fc.nat(1),
      at: fc.nat(),
      bits: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ file, at, bits }) => {
        const bytes = files[file]!.slice();
        bytes[at % bytes.length]! ^= bits;
        let record: ScalarRecord;
        try {
          record = decodeScalarRecord(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        taken += 1;
        expect(encodeScalarRecord(record)).toEqual(bytes);
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('throws nothing but RangeErrors for bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeScalarRecord(bytes)).toThrow(RangeError);
      }),
    );
  });
});

/** The record's file with some bytes replaced. */
function spoiled(record: ScalarRecord, at: number, ...bytes: number[]): Uint8Array {
  const file = encodeScalarRecord(record);
  file.set(bytes, at);
  return file;
}

describe('a record off the wire', () => {
  it.each([
    ['of no bytes', new Uint8Array(), 'at least 104 bytes'],
    ['with another magic', spoiled(follower, 0, 0x51), 'record.magic'],
    ['of another version', spoiled(follower, 4, 2), 'record.version must be 1'],
    ['with unknown flags', spoiled(follower, 6, 5), 'record.flags'],
    ['with a start that the flags deny', spoiled(genesis, 6, 0), 'record.start.length'],
    ['with a byte too many', Uint8Array.of(...encodeScalarRecord(follower), 0), 'record.length'],
    ['with a number too few', encodeScalarRecord(follower).subarray(0, -4), 'record.length'],
    ['that declares 2^32 − 1 scalars', spoiled(follower, 96, 255, 255, 255, 255), 'record.length'],
    ['of round 0 after another', spoiled(follower, 8, 0), 'record.round'],
    ['with more completed rounds than rounds', spoiled(follower, 12, 5), 'record.completedRounds'],
    ['with a learning rate of NaN', spoiled(follower, 22, 0xf8, 0x7f), 'record.learningRate'],
    ['with a negative learning rate', spoiled(follower, 23, 0xbf), 'record.learningRate'],
    ['after itself', spoiled(follower, 24, 5), 'record.previous.round'],
    ['after a record of no bytes', spoiled(follower, 28, 0, 0), 'record.previous.sizeBytes'],
    ['after the genesis, but not the first', spoiled(follower, 24, 0), 'record.previous.round'],
    ['with a scalar of infinity', spoiled(follower, 110, 0x80, 0x7f), 'record.scalars[1]'],
    ['that begins with NaN', spoiled(genesis, 106, 0xc0, 0x7f), 'record.start[0]'],
    ['that begins in round 1', spoiled(genesis, 8, 1), 'record.round must be 0'],
    ['that begins after rounds', spoiled(genesis, 12, 1), 'record.completedRounds must be 0'],
    ['that begins with a learning rate', spoiled(genesis, 23, 0x3f), 'record.learningRate'],
    ['that hides bytes where there is none before', spoiled(genesis, 40, 9), 'record.previous'],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => decodeScalarRecord(bytes)).toThrow(RangeError);
    expect(() => decodeScalarRecord(bytes)).toThrow(message);
  });

  it.each([
    [{ ...follower, stateSha256: 'B'.repeat(64) }, 'record.stateSha256'],
    [{ ...follower, start: Float32Array.of(1) }, 'record.start'],
    [{ ...follower, scalars: new Float32Array() }, 'record.scalars.length'],
    [{ ...follower, learningRate: -0 }, 'record.learningRate'],
    [{ ...genesis, scalars: Float32Array.of(1) }, 'record.scalars.length'],
  ] as const)('is not written either where it does not fit', (record, message) => {
    expect(() => encodeScalarRecord(record)).toThrow(message);
  });
});
