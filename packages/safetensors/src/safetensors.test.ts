import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTensor } from './decode.ts';
import { encodeSafetensors } from './encode.ts';
import { SafetensorsError } from './error.ts';
import type { TensorEntry } from './header.ts';
import { headerByteLength, parseHeader } from './header.ts';
import { parseShardIndex } from './shards.ts';

/** A file with the given header text and as many data bytes as told: the format written by hand. */
function file(header: string, dataBytes: number, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
const parse = (bytes: Uint8Array) => parseHeader(bytes, bytes.length, 'x.safetensors');
const tensor = (dtype: string, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

function refusal(action: () => unknown): SafetensorsError {
  try {
    action();
  } catch (error) {
    if (error instanceof SafetensorsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parseHeader', () => {
  it('places tensors at absolute offsets and keeps the metadata', () => {
    const text = `{"__metadata__":{"format":"pt"},"b":${tensor('F32', [2], [4, 12])},"a":${tensor('F16', [1, 2], [0, 4])}}`;
    const header = parse(file(text, 12));
    const start = 8 + text.length;
    expect(header.dataStart).toBe(start);
    expect(header.metadata).toEqual({ format: 'pt' });
    expect(header.tensors.get('a')).toEqual({
      name: 'a',
      dtype: 'F16',
      shape: [1, 2],
      start,
      end: start + 4,
    });
    expect(header.tensors.get('b')?.start).toBe(start + 4);
  });

  it('accepts blanks after the header, scalars, empty tensors and an empty file', () => {
    const text = `{"s":${tensor('F32', [], [0, 4])},"e":${tensor('F32', [0, 3], [4, 4])}}   `;
    expect(parse(file(text, 4)).tensors.size).toBe(2);
    expect(parse(file('{}', 0)).tensors.size).toBe(0);
  });

  it.each([
    ['a header of 2^63 bytes', file('{}', 0, 1n << 63n), null, /≤ 100000000/],
    ['a header longer than the file', file('{}', 0, 50n), null, /claims 50 bytes, the file has 10/],
    ['a file of 7 bytes', new Uint8Array(7), null, /shorter than the 8 bytes/],
    ['a header that is no JSON', file('{"a":', 0), null, /not valid JSON/],
    ['a header that is a list', file('[]', 0), null, /not an object/],
    [
      'a header that is not UTF-8',
      file('{"a"}', 0).map((b) => (b === 97 ? 255 : b)),
      null,
      /UTF-8/,
    ],
    ['a nested bomb', file('['.repeat(200_000), 0), null, /not valid JSON/],
    ['metadata that is a list', file('{"__metadata__":[]}', 0), null, /must be an object/],
    [
      'a metadata number',
      file('{"__metadata__":{"a":1}}', 0),
      null,
      /__metadata__.a must be a str/,
    ],
    [
      'an unknown dtype',
      file(`{"a":${tensor('F8', [1], [0, 1])}}`, 1),
      'a',
      /dtype must be one of/,
    ],
    ['an inherited dtype', file(`{"a":${tensor('toString', [1], [0, 1])}}`, 1), 'a', /dtype must/],
    ['no description', file('{"a":7}', 0), 'a', /must be an object/],
    ['no dtype', file('{"__proto__":{"shape":[1]}}', 0), '__proto__', /dtype must .* got none/],
    ['a negative size', file(`{"a":${tensor('F32', [-1], [0, 4])}}`, 4), 'a', /integers ≥ 0/],
    ['a fractional size', file(`{"a":${tensor('F32', [0.5], [0, 2])}}`, 2), 'a', /integers ≥ 0/],
    ['a shape in words', file(`{"a":${tensor('F32', '1', [0, 4])}}`, 4), 'a', /shape must be/],
    ['one offset', file(`{"a":${tensor('F32', [1], [4])}}`, 4), 'a', /two integers/],
    ['falling offsets', file(`{"a":${tensor('F32', [1], [4, 0])}}`, 4), 'a', /got -4/],
    [
      '2 values in 4 bytes',
      file(`{"a":${tensor('F32', [2], [0, 4])}}`, 4),
      'a',
      /needs 8 bytes, got 4/,
    ],
    [
      'an overflowing shape',
      file(`{"a":${tensor('F32', [2 ** 40, 2 ** 40], [0, 4])}}`, 4),
      'a',
      /needs/,
    ],
    ['data past the end', file(`{"a":${tensor('F32', [2], [0, 8])}}`, 4), 'a', /truncated/],
    ['trailing bytes', file(`{"a":${tensor('F32', [1], [0, 4])}}`, 5), null, /the tensors end at/],
    ['a gap', file(`{"a":${tensor('F32', [1], [4, 8])}}`, 8), 'a', /leaves a gap/],
  ])('refuses %s', (_, bytes, tensorName, reason) => {
    const error = refusal(() => parse(bytes));
    expect(error.reason).toMatch(reason);
    expect(error.tensorName).toBe(tensorName);
    expect(error.message).toContain('x.safetensors');
  });

  it('refuses overlapping tensors', () => {
    const text = `{"a":${tensor('F32', [2], [0, 8])},"b":${tensor('F32', [2], [4, 12])}}`;
    expect(refusal(() => parse(file(text, 12)))).toMatchObject({
      tensorName: 'b',
      reason: expect.stringContaining('overlaps') as string,
    });
  });

  it('refuses a name given twice, also when one is escaped', () => {
    const one = tensor('F32', [1], [0, 4]);
    expect(refusal(() => parse(file(`{"a":${one},"a":${one}}`, 4))).reason).toMatch(/twice/);
    expect(refusal(() => parse(file(`{"a":${one},"\\u0061" :${one}}`, 4))).tensorName).toBe('a');
  });

  it('says when the prefix holds less than the header', () => {
    const bytes = file('{}        ', 0);
    expect(() => parseHeader(bytes.subarray(0, 12), bytes.length, 'f')).toThrow(
      /only 12 were read/,
    );
    expect(headerByteLength(bytes.subarray(0, 8), bytes.length, 'f')).toBe(10);
  });

  it('throws nothing but SafetensorsError on any bytes', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 20 }), (text, tail) => {
        const bytes = new Uint8Array([...file(text, 0), ...tail]);
        try {
          parse(bytes);
        } catch (error) {
          return error instanceof SafetensorsError;
        }
        return true;
      }),
    );
  });
});

const entry = (dtype: TensorEntry['dtype'], count: number, bytes: number): TensorEntry => ({
  name: 't',
  dtype,
  shape: [count],
  start: 100,
  end: 100 + bytes,
});

describe('decodeTensor', () => {
  it('reads F32 at an odd offset', () => {
    const shifted = new Uint8Array(9);
    new DataView(shifted.buffer).setFloat32(1, 1.5, true);
    new DataView(shifted.buffer).setFloat32(5, -2, true);
    expect([...decodeTensor(shifted.subarray(1), entry('F32', 2, 8))]).toEqual([1.5, -2]);
  });

  it('reads a Buffer of Node, whose memory is part of a larger pool', () => {
    const pooled = Buffer.from(new Float32Array([1.5, -2]).buffer).toString('base64');
    const bytes = Buffer.from(pooled, 'base64');
    expect([...decodeTensor(bytes, entry('F32', 2, 8))]).toEqual([1.5, -2]);
  });

  it('reads 1 and −2 from BF16 3f80 c000, from F16 3c00 c000 and from F64', () => {
    const words = (a: number, b: number) => new Uint8Array(new Uint16Array([a, b]).buffer);
    expect([...decodeTensor(words(0x3f80, 0xc000), entry('BF16', 2, 4))]).toEqual([1, -2]);
    expect([...decodeTensor(words(0x3c00, 0xc000), entry('F16', 2, 4))]).toEqual([1, -2]);
    const doubles = new Uint8Array(new Float64Array([1, -2]).buffer);
    expect([...decodeTensor(doubles, entry('F64', 2, 16))]).toEqual([1, -2]);
  });

  it('refuses missing bytes and integer tensors by name', () => {
    expect(() => decodeTensor(new Uint8Array(3), entry('F32', 1, 4), 'm')).toThrow(
      'm, tensor t: needs 4 bytes, got 3: truncated',
    );
    expect(() => decodeTensor(new Uint8Array(8), entry('I64', 1, 8))).toThrow(/I64 does not hold/);
  });
});

describe('encodeSafetensors', () => {
  it('is read back with names, shapes, values and metadata, F32 bit for bit and F16 within half a step', () => {
    const floats = fc.float({ min: -60_000, max: 60_000, noNaN: true });
    const values = fc.array(floats, { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), values), { selector: (t) => t[0] }),
        (list) => {
          const bytes = encodeSafetensors(
            list.map(([name, data], i) => ({
              name,
              dtype: i % 2 === 0 ? 'F32' : 'F16',
              shape: [1, data.length],
              values: Float32Array.from(data),
            })),
            { format: 'pt' },
          );
          const header = parse(bytes);
          expect(header.metadata).toEqual({ format: 'pt' });
          list.forEach(([name, data], i) => {
            const found = header.tensors.get(name)!;
            const read = decodeTensor(bytes.subarray(found.start, found.end), found);
            expect(found.shape).toEqual([1, data.length]);
            const tolerance = (x: number) => (i % 2 === 0 ? 0 : Math.abs(x) * 2 ** -11 + 2 ** -25);
            data.forEach((x, j) => {
              expect(Math.abs(read[j]! - x)).toBeLessThanOrEqual(tolerance(x));
            });
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('starts the data at a multiple of 8 bytes', () => {
    const bytes = encodeSafetensors([
      { name: 'abc', dtype: 'F32', shape: [1], values: Float32Array.of(1) },
    ]);
    expect(parse(bytes).dataStart % 8).toBe(0);
  });

  it('refuses a doubled name, a wrong count and an F16 overflow', () => {
    const one = { name: 'a', dtype: 'F32' as const, shape: [1], values: Float32Array.of(1) };
    expect(() => encodeSafetensors([one, one])).toThrow(/a is given twice/);
    expect(() => encodeSafetensors([{ ...one, shape: [2] }])).toThrow(/needs 2 values, got 1/);
    const large = { ...one, dtype: 'F16' as const, values: Float32Array.of(70_000) };
    expect(() => encodeSafetensors([large])).toThrow(/70000, above the F16 maximum/);
  });
});

describe('parseShardIndex', () => {
  const index = (map: unknown) => JSON.stringify({ metadata: { total_size: 8 }, weight_map: map });

  it('maps tensors to files', () => {
    const text = index({
      a: 'model-00001-of-00002.safetensors',
      b: 'model-00002-of-00002.safetensors',
    });
    expect(parseShardIndex(text, 'i').get('b')).toBe('model-00002-of-00002.safetensors');
  });

  it.each([
    '../model.safetensors',
    '/m.safetensors',
    'a/b.safetensors',
    'm.bin',
    '.safetensors',
    7,
  ])('refuses the file %s', (name) => {
    expect(() => parseShardIndex(index({ a: name }), 'i')).toThrow(/i, tensor a: file must be/);
  });

  it('refuses an index without a map, with an empty map, and no JSON', () => {
    expect(() => parseShardIndex('{}', 'i')).toThrow(/weight_map must be/);
    expect(() => parseShardIndex(index({}), 'i')).toThrow(/names no tensor/);
    expect(() => parseShardIndex('<html>', 'i')).toThrow(/not valid JSON/);
  });
});

const data =
  process.env['REFERENCE_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const stories = join(data, 'models/stories260K/hf/model.safetensors');

describe.skipIf(!existsSync(stories))('a real file (needs REFERENCE_DATA_DIR)', () => {
  it('holds the finite embedding of stories260K, 512 × 64', () => {
    const bytes = new Uint8Array(readFileSync(stories));
    const found = parse(bytes).tensors.get('model.embed_tokens.weight')!;
    const values = decodeTensor(bytes.subarray(found.start, found.end), found);
    expect(found.shape).toEqual([512, 64]);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('is refused when its last byte is missing', () => {
    const bytes = new Uint8Array(readFileSync(stories));
    expect(() => parse(bytes.subarray(0, -1))).toThrow(/truncated/);
  });
});
