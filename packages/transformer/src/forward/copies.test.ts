import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { TensorAdapters } from '../adapters.ts';
import { loadBaseModel } from '../load-model.ts';
import { memorySource } from '../source.ts';
import { useBackend } from '../testing/backends.ts';
import { randomAdapters, tinySpec } from '../testing/random-adapters.ts';
import { tinyModelFiles } from '../testing/tiny-model.ts';
import { forwardCached } from './forward-cached.ts';
import { cachePrefix } from './prefix.ts';

const SEQUENCES = [
  [256, 72, 101, 108, 108, 111],
  [256, 82, 111],
  [256, 97, 98, 99, 100],
];
const LAYOUTS = [
  { architecture: 'llama', modules: ['o_proj', 'down_proj'], layers: [-1] },
  { architecture: 'llama', modules: ['q_proj', 'v_proj'], layers: 'all' },
  { architecture: 'llama', modules: ['k_proj'], layers: [1] },
  { architecture: 'llama', modules: ['gate_proj'], layers: [1, 2] },
  { architecture: 'qwen2', modules: ['down_proj'], layers: [1] },
  { architecture: 'gpt2', modules: ['c_attn', 'mlp.c_proj'], layers: 'all' },
  { architecture: 'gpt2', modules: ['c_fc'], layers: [-1] },
] as const;
// As many as an example has tokens: a copy must not be taken for a token.
const COPIES = 6;

/** The factors of several adapters as copies of one forward pass; A of the first for all, unless each has its own. */
function asCopies(adapters: readonly TensorAdapters[], sharesA: boolean): TensorAdapters {
  const [first] = adapters;
  const stacked = (part: 'a' | 'b') =>
    first!.spec.targets.map(
      (_, i) => tf.stack(adapters.map((one) => one[part][i]!)) as tf.Tensor3D,
    );
  return {
    ...first!,
    a: sharesA ? first!.a : stacked('a'),
    b: stacked('b'),
    copies: adapters.length,
  };
}

describe.each(['cpu', 'wasm'] as const)('copies of a batch on %s', (backend) => {
  it.each(LAYOUTS)(
    '$architecture $modules in layers $layers: each copy is the pass with its adapter alone, within 1e-6',
    async ({ architecture, modules, layers }) => {
      await useBackend(backend);
      const model = await loadBaseModel(memorySource(tinyModelFiles({ architecture, layers: 3 })));
      const spec = tinySpec(model, [...modules], layers === 'all' ? layers : [...layers]);
      const own = Array.from({ length: COPIES }, (_, copy) => randomAdapters(spec, copy + 1));
      const indices = [2, 0, 1];
      for (const positions of [SEQUENCES.map(({ length }) => length - 1), null]) {
        const prefix = await cachePrefix(model, spec, SEQUENCES, { positions });
        for (const sharesA of [true, false]) {
          const together = forwardCached(model, prefix, indices, asCopies(own, sharesA));
          const values = await together.data();
          const size = values.length / COPIES;
          for (const [copy, adapters] of own.entries()) {
            const a = sharesA ? own[0]!.a : adapters.a;
            const alone = forwardCached(model, prefix, indices, { ...adapters, a });
            const expected = await alone.data();
            expect(expected).toHaveLength(size);
            expected.forEach((value, i) => {
              expect(Math.abs(values[copy * size + i]! - value)).toBeLessThan(1e-6);
            });
          }
        }
        prefix.dispose();
      }
      model.dispose();
    },
  );
});
