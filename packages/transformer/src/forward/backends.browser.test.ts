import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';

import type { TensorAdapters } from '../adapters.ts';
import { generateGreedy } from '../generate.ts';
import { installBarrierFreeKernels, removeBarrierFreeKernels } from '../kernels/barrier-free.ts';
import { loadBaseModel } from '../load-model.ts';
import { memorySource } from '../source.ts';
import {
  browserReferenceFiles,
  seenShaderErrors,
  useBrowserBackend,
} from '../testing/browser-backends.ts';
import { randomAdapters, tinySpec } from '../testing/random-adapters.ts';
import { tinyModelFiles } from '../testing/tiny-model.ts';
import { padSequences } from './embed.ts';
import { forwardCached } from './forward-cached.ts';
import { forwardHidden } from './hidden.ts';
import { logitsAt, logitsFor } from './logits.ts';
import { cachePrefix } from './prefix.ts';

interface Golden {
  cases: { ids: number[]; logits_last: number[]; greedy_ids: number[] }[];
}

const [stories, golden] = await Promise.all([
  browserReferenceFiles('stories260K', 'hf'),
  browserReferenceFiles('stories260K'),
]);

afterEach(() => {
  expect(seenShaderErrors()).toEqual([]);
});

describe.skipIf(stories === null || golden === null)('stories260K in the browser', () => {
  it.each(['webgpu', 'wasm', 'cpu'] as const)(
    'on %s gives the golden logits within 1e-4 and the golden greedy ids',
    async (backend) => {
      await useBrowserBackend(backend);
      const model = await loadBaseModel(memorySource(stories!));
      const { cases } = JSON.parse(new TextDecoder().decode(golden!['golden.json'])) as Golden;
      for (const { ids, logits_last, greedy_ids } of cases) {
        const logits = tf.tidy(() =>
          logitsAt(
            model,
            forwardHidden(model, padSequences([ids], 0), { positions: [ids.length - 1] }),
          ),
        );
        const values = await logits.data();
        logits_last.forEach((expected, token) => {
          expect(Math.abs(values[token]! - expected)).toBeLessThan(1e-4);
        });
        // One token at a time is slow with stock kernels on a software adapter.
        if (backend === 'webgpu') installBarrierFreeKernels();
        const maxNewTokens = greedy_ids.length - ids.length;
        const { newIds } = await generateGreedy(model, ids, { maxNewTokens, stopIds: [] });
        expect([...ids, ...newIds]).toEqual(greedy_ids);
        removeBarrierFreeKernels();
        logits.dispose();
      }
      model.dispose();
    },
  );
});

const SEQUENCES = [
  [256, 72, 101, 108, 108, 111],
  [256, 82, 111],
  [256, 97, 98, 99, 100],
];
const positions = SEQUENCES.map(({ length }) => length - 1);
const LAYOUTS = [
  { architecture: 'llama', modules: ['q_proj', 'v_proj'], layers: 'all' },
  { architecture: 'qwen2', modules: ['o_proj', 'down_proj'], layers: [-1] },
  { architecture: 'gpt2', modules: ['c_attn', 'c_proj', 'c_fc'], layers: 'all' },
] as const;
type Layout = (typeof LAYOUTS)[number];

/** Logits of three tokens, then per-example gradients of a sum of squares, cached and uncached. */
async function numbersOf({ architecture, modules, layers }: Layout): Promise<Float32Array[]> {
  const model = await loadBaseModel(memorySource(tinyModelFiles({ architecture })));
  const spec = tinySpec(model, [...modules], layers === 'all' ? layers : [...layers]);
  const adapters = randomAdapters(spec, 9, SEQUENCES.length);
  const prefix = await cachePrefix(model, spec, SEQUENCES, { positions });
  const forwards = [
    (own: TensorAdapters) =>
      forwardHidden(model, padSequences(SEQUENCES, 0), { adapters: own, positions }),
    (own: TensorAdapters) => forwardCached(model, prefix, [0, 1, 2], own) as tf.Tensor2D,
  ];
  const read: Float32Array[] = [];
  for (const forward of forwards) {
    const logits = (b: readonly tf.Tensor[]) =>
      logitsFor(model, forward({ ...adapters, b: b as TensorAdapters['b'] }), [5, 6, 200]);
    const { value, grads } = tf.valueAndGrads((...b: tf.Tensor[]) => {
      const scores = logits(b);
      return tf.sum(tf.mul(scores, scores));
    })([...adapters.b]);
    for (const tensor of [logits(adapters.b), value, ...grads]) {
      read.push(Float32Array.from(await tensor.data()));
    }
  }
  prefix.dispose();
  model.dispose();
  return read;
}

describe.each(['stock', 'barrier-free'] as const)('webgpu with %s kernels', (kernels) => {
  it.each(LAYOUTS)(
    'agrees with cpu in logits and per-example gradients within 1e-4: $architecture $modules',
    async (layout) => {
      await useBrowserBackend('cpu');
      const expected = await numbersOf(layout);
      await useBrowserBackend('webgpu');
      if (kernels === 'barrier-free') installBarrierFreeKernels();
      const found = await numbersOf(layout);
      removeBarrierFreeKernels();
      expect(found).toHaveLength(expected.length);
      found.forEach((values, index) => {
        const reference = expected[index]!;
        const size = Math.hypot(...reference);
        expect(size).toBeGreaterThan(0);
        const error = Math.hypot(...values.map((value, i) => value - reference[i]!));
        expect(error).toBeLessThan(1e-4 * size);
      });
    },
  );
});
