import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { forwardHidden } from './forward/hidden.ts';
import { logitsAt } from './forward/logits.ts';
import { generateGreedy } from './generate.ts';
import { loadBaseModel } from './load-model.ts';
import { memorySource } from './source.ts';
import { useBackend } from './testing/backends.ts';
import { randomAdapters, tinySpec } from './testing/random-adapters.ts';
import { readFolder, referenceModel } from './testing/reference-data.ts';
import { tinyModelFiles } from './testing/tiny-model.ts';

const stories = referenceModel('stories260K');

describe.each(['cpu', 'wasm'] as const)('greedy generation on %s', (backend) => {
  it.skipIf(stories === null)('reproduces the golden ids and text of stories260K', async () => {
    await useBackend(backend);
    const golden = JSON.parse(readFileSync(join(stories!, 'golden.json'), 'utf8')) as {
      cases: { ids: number[]; greedy_ids: number[]; greedy_text: string }[];
    };
    const model = await loadBaseModel(memorySource(readFolder(join(stories!, 'hf'))));
    for (const { ids, greedy_ids, greedy_text } of golden.cases) {
      const before = tf.memory().numTensors;
      const { newIds, logprobs } = await generateGreedy(model, ids, {
        maxNewTokens: greedy_ids.length - ids.length,
        stopIds: [],
      });
      expect([...ids, ...newIds]).toEqual(greedy_ids);
      expect(logprobs.every((value) => value <= 0)).toBe(true);
      // The golden text keeps the space that the tokenizer put before the first word.
      expect(model.tokenizer.decode(greedy_ids)).toBe(greedy_text.trimStart());
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1); // the head's transposed copy
    }
    model.dispose();
  });

  it.each(['llama', 'gpt2'] as const)(
    'gives the ids and log-probabilities of whole recomputation on a random %s with adapters',
    async (architecture) => {
      await useBackend(backend);
      const model = await loadBaseModel(
        memorySource(tinyModelFiles({ architecture, maxPositions: 12 })),
      );
      const adapters = randomAdapters(
        tinySpec(model, architecture === 'gpt2' ? ['c_attn'] : ['v_proj', 'o_proj'], 'all'),
        4,
      );
      const prompt = [256, 72, 105];
      const { newIds, logprobs } = await generateGreedy(model, prompt, {
        adapters,
        maxNewTokens: 100,
        stopIds: [],
      });
      expect(newIds).toHaveLength(9); // 12 positions less 3 of the prompt
      for (let step = 0; step < newIds.length; step++) {
        const ids = [...prompt, ...newIds.slice(0, step)];
        const table = tf.tidy(() => {
          const hidden = forwardHidden(model, tf.tensor2d(ids, [1, ids.length], 'int32'), {
            adapters,
            positions: [ids.length - 1],
          });
          return tf.logSoftmax(logitsAt(model, hidden));
        });
        const values = Float32Array.from(await table.data());
        expect(values.indexOf(Math.max(...values))).toBe(newIds[step]);
        expect(Math.abs(values[newIds[step]!]! - logprobs[step]!)).toBeLessThan(1e-5);
      }
      const stopped = await generateGreedy(model, prompt, {
        adapters,
        maxNewTokens: 100,
        stopIds: [newIds[1]!],
      });
      expect(stopped.newIds).toEqual(newIds.slice(0, newIds.indexOf(newIds[1]!) + 1));
      model.dispose();
    },
  );
});
