import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { TensorAdapters } from '../adapters.ts';
import type { BaseModel } from '../base-model.ts';
import { moduleCatalog } from '../catalog.ts';
import { loadBaseModel } from '../load-model.ts';
import { memorySource } from '../source.ts';
import { useBackend } from '../testing/backends.ts';
import { randomAdapters, tinySpec } from '../testing/random-adapters.ts';
import { normals, tinyModelFiles } from '../testing/tiny-model.ts';
import type { TinyModelOptions } from '../testing/tiny-model.ts';
import { padSequences } from './embed.ts';
import { forwardHidden } from './hidden.ts';

const SEQUENCES = [
  [256, 72, 101, 108, 108, 111],
  [256, 82, 111],
  [256, 97, 98, 99, 100],
];

/** A smooth function of the hidden states, the same for all batches: Σ w · h². */
function lossOf(model: BaseModel, sequences: number[][], adapters: TensorAdapters): tf.Scalar {
  const positions = sequences.map(({ length }) => length - 1);
  const hidden = forwardHidden(model, padSequences(sequences, 0), { adapters, positions });
  const draw = normals(5);
  const weights = tf.tensor1d(Float32Array.from({ length: model.config.dModel }, draw));
  return tf.sum(tf.mul(tf.mul(hidden, hidden), weights));
}

function gradientsOfB(model: BaseModel, sequences: number[][], adapters: TensorAdapters) {
  return tf.valueAndGrads((...b: tf.Tensor[]) =>
    lossOf(model, sequences, { ...adapters, b: b as tf.Tensor2D[] }),
  )([...adapters.b]);
}

const KINDS: TinyModelOptions[] = [
  { architecture: 'llama' },
  { architecture: 'qwen2', tied: false },
  { architecture: 'gpt2' },
  { architecture: 'gpt2', config: { activation_function: 'gelu' } },
];

const allModules = (model: BaseModel) => [
  ...new Set(moduleCatalog(model.config).modules.map(({ module }) => module.split('.').at(-1)!)),
];

describe.each(['cpu', 'wasm'] as const)('gradients on %s', (backend) => {
  it.each(KINDS)('of adapters on every module agree with central differences: %o', async (kind) => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles(kind)));
    const spec = tinySpec(model, allModules(model), 'all');
    const adapters = randomAdapters(spec, 3);
    const { grads } = gradientsOfB(model, SEQUENCES, adapters);
    for (let target = 0; target < spec.targets.length; target++) {
      // One direction per target: central differences of L(B + hD), extrapolated to h⁴, against ⟨gradient, D⟩.
      const draw = normals(100 + target);
      const shape = adapters.b[target]!.shape as [number, number];
      const direction = tf.tensor2d(
        Float32Array.from({ length: shape[0] * shape[1] }, draw),
        shape,
      );
      const at = async (h: number) => {
        const b = adapters.b.map((factor, index) =>
          index === target ? tf.add<tf.Tensor2D>(factor, tf.mul(direction, h)) : factor,
        );
        return (await lossOf(model, SEQUENCES, { ...adapters, b }).data())[0]!;
      };
      const h = 5e-3;
      const central = async (step: number) => ((await at(step)) - (await at(-step))) / (2 * step);
      const numeric = (4 * (await central(h)) - (await central(2 * h))) / 3;
      const exact = (await tf.sum(tf.mul(grads[target]!, direction)).data())[0]!;
      expect(Math.abs(numeric - exact)).toBeLessThan(3e-3 * (1 + Math.abs(exact)));
    }
  });

  it.each(KINDS)('per example equal those of one example at a time: %o', async (kind) => {
    await useBackend(backend);
    const model = await loadBaseModel(memorySource(tinyModelFiles(kind)));
    const spec = tinySpec(model, allModules(model), 'all');
    const batched = gradientsOfB(model, SEQUENCES, randomAdapters(spec, 3, SEQUENCES.length));
    for (let example = 0; example < SEQUENCES.length; example++) {
      const alone = gradientsOfB(model, [SEQUENCES[example]!], randomAdapters(spec, 3));
      for (let target = 0; target < spec.targets.length; target++) {
        const expected = await alone.grads[target]!.data();
        const found = await tf.slice(batched.grads[target]!, [example], [1]).data();
        const size = Math.hypot(...expected);
        expect(size).toBeGreaterThan(0);
        expect(Math.hypot(...expected.map((value, i) => value - found[i]!))).toBeLessThan(
          1e-5 * size,
        );
      }
    }
  });
});
