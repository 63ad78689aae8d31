// The plain network needs tfjs's own gradients.
import '@tensorflow/tfjs-core/dist/register_all_gradients';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { TensorAdapters } from '../adapters.ts';
import { moduleCatalog } from '../catalog.ts';
import { loadBaseModel } from '../load-model.ts';
import { memorySource } from '../source.ts';
import { useBackend } from '../testing/backends.ts';
import { plainForwardHidden, plainLogits } from '../testing/plain-forward.ts';
import { randomAdapters, tinySpec } from '../testing/random-adapters.ts';
import { tinyModelFiles } from '../testing/tiny-model.ts';
import type { TinyModelOptions } from '../testing/tiny-model.ts';
import { padSequences } from './embed.ts';
import { forwardHidden } from './hidden.ts';
import { logitsAt, logitsFor } from './logits.ts';

const KINDS: TinyModelOptions[] = [
  { architecture: 'llama', kvHeads: 1 },
  { architecture: 'qwen2', kvHeads: 4, tied: false },
  { architecture: 'llama', config: { head_dim: 6, attention_bias: true, mlp_bias: true } },
  { architecture: 'gpt2' },
  { architecture: 'gpt2', config: { activation_function: 'gelu' } },
];
const SEQUENCES = [
  [256, 72, 101, 108, 108, 111],
  [256, 82, 111],
];
const positions = SEQUENCES.map(({ length }) => length - 1);

async function worstRelative(found: tf.Tensor, expected: tf.Tensor): Promise<number> {
  const [a, b] = [Float32Array.from(await found.data()), Float32Array.from(await expected.data())];
  return Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b);
}

describe.each(['cpu', 'wasm'] as const)('coarse gradients on %s', (backend) => {
  it.each(KINDS)("logits and gradients equal those of tfjs's own autodiff: %o", async (kind) => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles(kind)));
    const modules = [
      ...new Set(
        moduleCatalog(model.config).modules.map(({ module }) => module.split('.').at(-1)!),
      ),
    ];
    const adapters = randomAdapters(tinySpec(model, modules, 'all'), 8, SEQUENCES.length);
    const ids = padSequences(SEQUENCES, 0);
    const logits = (b: readonly tf.Tensor[], isPlain: boolean) => {
      const options = { adapters: { ...adapters, b: b as TensorAdapters['b'] }, positions };
      return isPlain
        ? plainLogits(model, plainForwardHidden(model, ids, options))
        : logitsAt(model, forwardHidden(model, ids, options));
    };
    expect(await worstRelative(logits(adapters.b, false), logits(adapters.b, true))).toBeLessThan(
      2e-6,
    );
    const gradients = (isPlain: boolean) =>
      tf.grads((...b: tf.Tensor[]) => tf.sum(tf.square(tf.logSoftmax(logits(b, isPlain)))))([
        ...adapters.b,
      ]);
    const [found, expected] = [gradients(false), gradients(true)];
    for (let target = 0; target < found.length; target++) {
      expect(await worstRelative(found[target]!, expected[target]!)).toBeLessThan(2e-5);
    }
    model.dispose();
  });

  it('trained A gets a gradient per example, frozen A none', async () => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles()));
    const adapters = randomAdapters(tinySpec(model, ['q_proj', 'down_proj'], 'all'), 8);
    const ids = padSequences(SEQUENCES, 0);
    const gradients = (isPlain: boolean) =>
      tf.grads((...a: tf.Tensor[]) => {
        const own = { ...adapters, trainsA: true, a: a as tf.Tensor2D[] };
        const forward = isPlain ? plainForwardHidden : forwardHidden;
        return tf.sum(tf.square(forward(model, ids, { adapters: own, positions })));
      })([...adapters.a]);
    const [found, expected] = [gradients(false), gradients(true)];
    for (let target = 0; target < found.length; target++) {
      expect(await worstRelative(found[target]!, expected[target]!)).toBeLessThan(2e-5);
    }
    const frozen = tf.grads((...a: tf.Tensor[]) =>
      tf.sum(
        forwardHidden(model, ids, { adapters: { ...adapters, a: a as tf.Tensor2D[] }, positions }),
      ),
    );
    expect(() => frozen([...adapters.a])).toThrow('Cannot compute gradient');
    model.dispose();
  });

  it('logits of named tokens are those columns of all logits', async () => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles({ tied: false })));
    const hidden = forwardHidden(model, padSequences(SEQUENCES, 0), { positions });
    const all = tf.gather(logitsAt(model, hidden), tf.tensor1d([5, 200, 5], 'int32'), 1);
    expect(await worstRelative(logitsFor(model, hidden, [5, 200, 5]), all)).toBeLessThan(1e-6);
    expect(() => logitsFor(model, hidden, [258])).toThrow('ids must be');
    model.dispose();
  });
});
