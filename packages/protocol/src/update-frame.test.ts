import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, sha256Hex } from './sha256.ts';
import {
  decodeUpdateFrame,
  encodeUpdateFrame,
  FRAME_OVERHEAD_BYTES,
  frameBits,
  frameMismatch,
  isIntegerFrame,
} from './update-frame.ts';
import type { UpdateFrameHeader } from './update-frame.ts';

const header: UpdateFrameHeader = {
  federationId: 'federation-1',
  clientId: 'client-0001',
  round: 7,
  bits: 8,
  blockSize: 64,
  parameterCount: 100,
  shapeDigest: 'ab'.repeat(32),
  sampleCount: 0,
};

/** The frame with bytes changed and its checksum made right again: what a hostile client can send. */
async function forge(changes: [offset: number, byte: number][]): Promise<Uint8Array> {
  const frame = await encodeUpdateFrame(header, new Uint8Array(104));
  for (const [offset, byte] of changes) frame[offset] = byte;
  frame.set(await sha256(frame.subarray(0, -32)), frame.length - 32);
  return frame;
}

async function reasonOf(frame: Uint8Array): Promise<string> {
  const decoded = await decodeUpdateFrame(frame);
  return decoded.ok ? 'ok' : decoded.reason;
}

describe('update frame', () => {
  it('comes back as it was sent, for any header and payload', async () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);
    const headers = fc.constantFrom(...frameBits).chain((bits) =>
      fc.record({
        federationId: id,
        clientId: id,
        round: fc.integer({ min: 1, max: 0xffff_ffff }),
        bits: fc.constant(bits),
        blockSize: isIntegerFrame(bits) ? fc.constant(0) : fc.integer({ min: 1, max: 0xffff }),
        parameterCount: fc.integer({ min: 1, max: 0xffff_ffff }),
        shapeDigest: fc.stringMatching(/^[0-9a-f]{64}$/),
        sampleCount: fc.integer({ min: 0, max: 0xffff_ffff }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.uint8Array({ maxLength: 500 }), async (sent, payload) => {
        const decoded = await decodeUpdateFrame(await encodeUpdateFrame(sent, payload));
        expect(decoded).toEqual({ ok: true, header: sent, payload });
      }),
    );
  });

  it('adds 170 bytes to its payload, whatever the count', async () => {
    // 4 + 2 + 1 + 1 + 2 + 4 + 4 + 40 + 40 + 32 + 4 + 4 before the payload, 32 after it
    expect(FRAME_OVERHEAD_BYTES).toBe(170);
    for (const sampleCount of [0, 1, 100_000]) {
      const frame = await encodeUpdateFrame({ ...header, sampleCount }, new Uint8Array(10));
      expect(frame).toHaveLength(180);
    }
  });

  it('ends in the SHA-256 that Node computes for it', async () => {
    const { createHash } = await import('node:crypto');
    const frame = await encodeUpdateFrame(header, Uint8Array.of(1, 2, 3));
    const expected = createHash('sha256').update(frame.subarray(0, -32)).digest();
    expect([...frame.subarray(-32)]).toEqual([...expected]);
    expect(await sha256Hex(new Uint8Array())).toBe(createHash('sha256').digest('hex'));
  });

  it('is read from a view that does not begin at the start of its buffer', async () => {
    const frame = await encodeUpdateFrame(header, Uint8Array.of(9));
    const shifted = new Uint8Array(frame.length + 3);
    shifted.set(frame, 3);
    expect(await reasonOf(shifted.subarray(3))).toBe('ok');
  });

  it.each<[string, [number, number][], string]>([
    ['another magic', [[0, 0]], 'malformed'],
    ['the version before', [[4, 1]], 'protocol-version'],
    ['5 bits', [[6, 5]], 'wrong-bits'],
    ['a flag', [[7, 1]], 'malformed'],
    ['block size 0', [[8, 0]], 'malformed'],
    ['integers in blocks', [[6, 16]], 'malformed'],
    [
      'integers in blocks of 256',
      [
        [6, 32],
        [8, 0],
        [9, 1],
      ],
      'malformed',
    ],
    ['16 bits and a half', [[6, 20]], 'wrong-bits'],
    ['round 0', [[10, 0]], 'wrong-round'],
    ['parameter count 0', [[14, 0]], 'malformed'],
    ['a space in the federation id', [[20, 0x20]], 'malformed'],
    ['a byte after the end of the client id', [[97, 0x41]], 'malformed'],
    ['a longer payload than is there', [[134, 105]], 'wrong-length'],
    ['4 GiB of payload', [[137, 255]], 'wrong-length'],
  ])('with %s is refused', async (_, changes, reason) => {
    expect(await reasonOf(await forge(changes))).toBe(reason);
  });

  it('with any one byte changed is refused', async () => {
    const frame = await encodeUpdateFrame(header, new Uint8Array(104));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: frame.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (position, flip) => {
          const changed = frame.slice();
          changed[position]! ^= flip;
          expect(await reasonOf(changed)).not.toBe('ok');
        },
      ),
    );
  });

  it('is refused, never thrown at, for any bytes and any cut', async () => {
    const frame = await encodeUpdateFrame(header, new Uint8Array(104));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(await reasonOf(bytes)).not.toBe('ok');
      }),
    );
    for (let length = 0; length < frame.length; length += 1) {
      expect(await reasonOf(frame.subarray(0, length))).not.toBe('ok');
    }
  });

  it('is not built from a header that does not fit', async () => {
    await expect(encodeUpdateFrame({ ...header, round: 0 }, new Uint8Array())).rejects.toThrow(
      /round must be an integer in 1/,
    );
    await expect(
      encodeUpdateFrame({ ...header, clientId: 'short' }, new Uint8Array()),
    ).rejects.toThrow();
    for (const change of [
      { bits: 8, blockSize: 0 },
      { bits: 16, blockSize: 64 },
      { bits: 5, blockSize: 64 },
    ]) {
      const wrong = { ...header, ...change } as UpdateFrameHeader;
      await expect(encodeUpdateFrame(wrong, new Uint8Array())).rejects.toThrow(RangeError);
    }
  });
});

describe('frameMismatch', () => {
  const expected = { ...header, payloadBytes: 104, maxSampleCount: 0 };

  it('finds nothing wrong with the expected frame', () => {
    expect(frameMismatch(header, 104, expected)).toBeNull();
  });

  it.each([
    [{ federationId: 'federation-2' }, 'unknown-federation'],
    [{ clientId: 'client-0002' }, 'wrong-participant'],
    [{ round: 8 }, 'wrong-round'],
    [{ shapeDigest: 'cd'.repeat(32) }, 'wrong-shape'],
    [{ parameterCount: 99 }, 'wrong-shape'],
    [{ bits: 4 as const }, 'wrong-bits'],
    [{ blockSize: 32 }, 'wrong-bits'],
  ])('names %j as %s', (change, reason) => {
    expect(frameMismatch({ ...header, ...change }, 104, expected)?.reason).toBe(reason);
  });

  it.each([
    // under differential privacy even a true count is refused
    [0, 0, null],
    [0, 1, 'sampleCount must be in 0 … 0, got 1'],
    [0, 300, 'sampleCount must be in 0 … 0, got 300'],
    [600, 0, 'sampleCount must be in 1 … 600, got 0'],
    [600, 1, null],
    [600, 600, null],
    [600, 601, 'sampleCount must be in 1 … 600, got 601'],
  ])('with a largest count of %i answers %i by %s', (maxSampleCount, sampleCount, detail) => {
    const found = frameMismatch({ ...header, sampleCount }, 104, { ...expected, maxSampleCount });
    expect(found).toEqual(detail && { ok: false, reason: 'malformed', detail });
  });

  it('names a payload of another length', () => {
    expect(frameMismatch(header, 103, expected)).toEqual({
      ok: false,
      reason: 'wrong-length',
      detail: 'payload bytes must be 104, got 103',
    });
  });
});
