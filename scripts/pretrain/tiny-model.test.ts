import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ModelManifest } from './manifest.ts';
import { writeTinyModel } from './tiny-model.ts';

describe('writeTinyModel', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiny-model-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('writes the same bytes for the same options', async () => {
    await writeTinyModel(join(folder, 'a'));
    await writeTinyModel(join(folder, 'b'));
    const weights = (name: string) => readFile(join(folder, name, 'model.safetensors'));
    expect((await weights('a')).equals(await weights('b'))).toBe(true);
  });

  it('lists every other file in the manifest with its length and hash', async () => {
    await writeTinyModel(folder, { architecture: 'gpt2' });
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    const { files } = JSON.parse(text) as ModelManifest;
    expect(files.map(({ path }) => path)).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    for (const { path, bytes, sha256 } of files) {
      const content = await readFile(join(folder, path));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  it('stores as many floats as the header claims', async () => {
    await writeTinyModel(folder, { dModel: 16, layers: 1, vocab: 260 });
    const file = await readFile(join(folder, 'model.safetensors'));
    const size = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.subarray(8, 8 + size).toString()) as Record<
      string,
      { shape: number[] }
    >;
    const floats = Object.values(header).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    expect(file.length).toBe(8 + size + 4 * floats.reduce((a, b) => a + b, 0));
  });

  it('refuses a width that is no multiple of 8', async () => {
    await expect(writeTinyModel(folder, { dModel: 12 })).rejects.toThrow(/dModel.*12/u);
  });
});
