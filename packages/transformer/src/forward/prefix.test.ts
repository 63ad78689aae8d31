import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { loadBaseModel } from '../load-model.ts';
import { memorySource } from '../source.ts';
import { useBackend } from '../testing/backends.ts';
import { randomAdapters, tinySpec } from '../testing/random-adapters.ts';
import { tinyModelFiles } from '../testing/tiny-model.ts';
import { padSequences } from './embed.ts';
import { forwardCached } from './forward-cached.ts';
import { forwardHidden } from './hidden.ts';
import { cachePrefix } from './prefix.ts';

const SEQUENCES = [
  [256, 72, 101, 108, 108, 111],
  [256, 82, 111],
  [256, 97, 98, 99, 100],
  [256, 33],
];
const LAYOUTS = [
  { architecture: 'llama', modules: ['o_proj', 'down_proj'], layers: [-1], stage: 'heads' },
  { architecture: 'llama', modules: ['q_proj', 'v_proj'], layers: 'all', stage: 'embedding' },
  { architecture: 'llama', modules: ['q_proj', 'o_proj'], layers: [1, 2], stage: 'layer' },
  { architecture: 'qwen2', modules: ['down_proj'], layers: [1], stage: 'layer' },
  { architecture: 'gpt2', modules: ['attn.c_proj', 'mlp.c_proj'], layers: [-1], stage: 'heads' },
  { architecture: 'gpt2', modules: ['c_attn'], layers: [-1], stage: 'layer' },
] as const;

describe.each(['cpu', 'wasm'] as const)('frozen prefix on %s', (backend) => {
  it.each(LAYOUTS)(
    '$architecture $modules in layers $layers: cached equals uncached within 1e-6',
    async ({ architecture, modules, layers, stage }) => {
      await useBackend(backend);
      const model = await loadBaseModel(memorySource(tinyModelFiles({ architecture, layers: 3 })));
      const spec = tinySpec(model, [...modules], layers === 'all' ? layers : [...layers]);
      const before = tf.memory().numTensors;
      const indices = [2, 0, 3, 3];
      const batch = indices.map((index) => SEQUENCES[index]!);
      for (const positions of [SEQUENCES.map(({ length }) => length - 1), null]) {
        const prefix = await cachePrefix(model, spec, SEQUENCES, { positions, batchSize: 3 });
        expect(prefix.stage).toBe(stage);
        const adapters = randomAdapters(spec, 7, indices.length);
        const found = forwardCached(model, prefix, indices, adapters);
        const ids = padSequences(batch, model.tokenizer.padId);
        const expected = forwardHidden(model, ids, {
          adapters,
          positions: positions && indices.map((index) => positions[index]!),
        });
        expect(found.shape).toEqual(expected.shape);
        const [a, b] = [await found.data(), await expected.data()];
        const tokens = positions === null ? ids.shape[1] : 1;
        a.forEach((value, i) => {
          const row = Math.floor(i / model.config.dModel);
          const isPadding =
            positions === null && row % tokens >= batch[Math.floor(row / tokens)]!.length;
          if (!isPadding) expect(Math.abs(value - b[i]!)).toBeLessThan(1e-6);
        });
        prefix.dispose();
        tf.dispose([found, ids, expected, [...adapters.a], [...adapters.b]]);
      }
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    },
  );

  it('reports progress after each pass and counts to the last example', async () => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles()));
    const spec = tinySpec(model, ['o_proj'], [-1]);
    const seen: number[] = [];
    const prefix = await cachePrefix(model, spec, SEQUENCES, {
      positions: null,
      batchSize: 3,
      onProgress: (done) => void seen.push(done),
    });
    expect(seen).toEqual([3, 4]);
    prefix.dispose();
    model.dispose();
  });

  it('refuses a position outside its example and an index outside the cache', async () => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles()));
    const spec = tinySpec(model, ['o_proj'], [-1]);
    await expect(cachePrefix(model, spec, [[256, 1]], { positions: [2] })).rejects.toThrow(
      'position of example 0 must be below its length 2, got 2',
    );
    const prefix = await cachePrefix(model, spec, [[256, 1]], { positions: [1] });
    expect(() => forwardCached(model, prefix, [1], null)).toThrow('must be at least one of 0 to 0');
  });
});
