import { encodeSafetensors, parseHeader } from '@roundtable/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { padSequences } from './forward/embed.ts';
import { forwardHidden } from './forward/hidden.ts';
import { logitsAt } from './forward/logits.ts';
import { loadBaseModel } from './load-model.ts';
import { sha256Hex } from './sha256.ts';
import { memorySource } from './source.ts';
import type { ModelSource } from './source.ts';
import { useBackend } from './testing/backends.ts';
import { tinyModelFiles, tinyTensors } from './testing/tiny-model.ts';

const text = new TextEncoder();
const files = tinyModelFiles();
const weights = files['model.safetensors']!;

/** The tiny model's tensors under other names, dtypes or shards. */
const tensors = () => tinyTensors(new TextDecoder().decode(files['config.json']), 1);

async function logitsOf(source: ModelSource): Promise<Float32Array> {
  const model = await loadBaseModel(source);
  const logits = tf.tidy(() =>
    logitsAt(model, forwardHidden(model, padSequences([[256, 72, 105]], 0), { positions: [2] })),
  );
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  model.dispose();
  return values;
}

beforeAll(() => useBackend('cpu'));

describe('loadBaseModel', () => {
  it('gives the same logits from one file, from two shards, and from names without prefix', async () => {
    const expected = await logitsOf(memorySource(files));
    const all = tensors();
    const shards = [all.slice(0, 7), all.slice(7)];
    const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const { 'model.safetensors': _single, ...rest } = files;
    const weight_map = Object.fromEntries(
      shards.flatMap((shard, index) => shard.map(({ name }) => [name, names[index]])),
    );
    const sharded = {
      ...rest,
      'model.safetensors.index.json': text.encode(JSON.stringify({ weight_map })),
      [names[0]!]: encodeSafetensors(shards[0]!),
      [names[1]!]: encodeSafetensors(shards[1]!),
    };
    expect(await logitsOf(memorySource(sharded))).toEqual(expected);
    const bare = all.map((tensor) => ({ ...tensor, name: tensor.name.replace('model.', '') }));
    const withoutPrefix = { ...rest, 'model.safetensors': encodeSafetensors(bare) };
    expect(await logitsOf(memorySource(withoutPrefix))).toEqual(expected);
  });

  it('reads half-precision weights within their rounding', async () => {
    const expected = await logitsOf(memorySource(files));
    const half = tensors().map((tensor) => ({ ...tensor, dtype: 'F16' as const }));
    const found = await logitsOf(
      memorySource({ ...files, 'model.safetensors': encodeSafetensors(half) }),
    );
    // fp16 keeps 11 bits: 5e-4 relative per weight.
    const error = Math.hypot(...found.map((value, i) => value - expected[i]!));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(5e-3 * Math.hypot(...expected));
  });

  it('reads every tensor once, in pieces, and frees all of them', async () => {
    const inner = memorySource(files);
    const reads: [number, number][] = [];
    const progress: number[] = [];
    const before = tf.memory().numTensors;
    const model = await loadBaseModel(
      {
        list: () => inner.list(),
        sizeBytes: (path) => inner.sizeBytes(path),
        readText: (path) => inner.readText(path),
        read: (path, start, end) => {
          reads.push([start, end]);
          return inner.read(path, start, end);
        },
      },
      { onProgress: (bytes) => progress.push(bytes) },
    );
    const { tensors: entries, dataStart } = parseHeader(weights, weights.length, 'x');
    expect(reads.slice(2).reduce((sum, [start, end]) => sum + end - start, 0)).toBe(
      weights.length - dataStart,
    );
    expect(reads).toHaveLength(2 + entries.size);
    expect(progress.at(-1)).toBe(weights.length - dataStart);
    expect(model.weightBytes).toBe(weights.length - dataStart);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('checks the digests of a manifest before anything is used', async () => {
    const sha256 = await sha256Hex(new Uint8Array(weights));
    const good = { path: 'model.safetensors', sha256 };
    (await loadBaseModel(memorySource(files), { verify: [good] })).dispose();
    const wrong = {
      path: 'model.safetensors',
      sha256: sha256.replace(/^./, sha256.startsWith('0') ? '1' : '0'),
    };
    await expect(loadBaseModel(memorySource(files), { verify: [wrong] })).rejects.toThrow(
      `model.safetensors: sha256 must be ${wrong.sha256}, got ${sha256}`,
    );
  });

  it('the SHA-256 of "abc" is that of FIPS 180-4', async () => {
    expect(await sha256Hex(text.encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('wrong input', () => {
  const withHeader = (header: object, dataBytes = 64) => {
    const json = text.encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + dataBytes);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const hugeLength = weights.slice();
  new DataView(hugeLength.buffer).setBigUint64(0, 2n ** 40n, true);
  const entry = (begin: number, end: number) => ({
    dtype: 'F32',
    shape: [(end - begin) / 4],
    data_offsets: [begin, end],
  });
  const without = (name: string) => tensors().filter((tensor) => tensor.name !== name);
  const misshapen = tensors().map((tensor) =>
    tensor.name === 'model.layers.1.mlp.up_proj.weight'
      ? { ...tensor, shape: tensor.shape.toReversed() }
      : tensor,
  );

  it.each([
    ['no weights', undefined, ['model.safetensors', 'no such file']],
    ['an empty file', new Uint8Array(0), ['model.safetensors', '8 bytes']],
    ['a truncated file', weights.subarray(0, weights.length - 4), ['model.safetensors']],
    ['a header larger than the file', hugeLength, ['model.safetensors', String(2 ** 40)]],
    [
      'overlapping tensors',
      withHeader({ a: entry(0, 64), b: entry(32, 64) }),
      ['model.safetensors', 'b'],
    ],
    ['offsets out of range', withHeader({ a: entry(0, 128) }), ['model.safetensors', 'a']],
    [
      'a missing tensor',
      encodeSafetensors(without('model.layers.0.self_attn.k_proj.weight')),
      ['model.safetensors', 'model.layers.0.self_attn.k_proj.weight', 'missing'],
    ],
    [
      'a misshapen tensor',
      encodeSafetensors(misshapen),
      ['model.layers.1.mlp.up_proj.weight', '[48, 16] by config.json, got [16, 48]'],
    ],
  ])(
    '%s is refused with file, tensor and reason, and nothing stays allocated',
    async (_case, bytes, words) => {
      const { 'model.safetensors': _single, ...rest } = files;
      const source = memorySource(
        bytes === undefined ? rest : { ...rest, 'model.safetensors': bytes },
      );
      const before = tf.memory().numTensors;
      const error = await loadBaseModel(source).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      for (const word of words) expect((error as Error).message).toContain(word);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('a source that returns fewer bytes than asked is refused', async () => {
    const inner = memorySource(files);
    const source: ModelSource = {
      list: () => inner.list(),
      sizeBytes: (path) => inner.sizeBytes(path),
      readText: (path) => inner.readText(path),
      read: async (path, start, end) => (await inner.read(path, start, end)).subarray(0, 100),
    };
    await expect(loadBaseModel(source)).rejects.toThrow('model.safetensors: bytes 0 to');
  });

  it('a shard that the index names and the folder lacks is refused', async () => {
    const { 'model.safetensors': _single, ...rest } = files;
    const weight_map = { 'model.norm.weight': 'model-1.safetensors' };
    const index = text.encode(JSON.stringify({ weight_map }));
    await expect(
      loadBaseModel(memorySource({ ...rest, 'model.safetensors.index.json': index })),
    ).rejects.toThrow(
      'model-1.safetensors: no such file, but model.safetensors.index.json names it',
    );
  });

  it('a tokenizer with more ids than the embedding has rows is refused', async () => {
    const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as object;
    const small = text.encode(JSON.stringify({ ...config, vocab_size: 200 }));
    await expect(loadBaseModel(memorySource({ ...files, 'config.json': small }))).rejects.toThrow(
      'tokenizer.json: has ids up to 257, but vocab_size is 200',
    );
  });

  it('a tokenizer of an unknown kind is refused', async () => {
    const tokenizer = text.encode('{"model":{"type":"Nothing"}}');
    await expect(
      loadBaseModel(memorySource({ ...files, 'tokenizer.json': tokenizer })),
    ).rejects.toThrow('tokenizer.json: cannot be used');
  });
});
