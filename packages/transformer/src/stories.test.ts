import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { forwardHidden } from './forward/hidden.ts';
import { logitsAt } from './forward/logits.ts';
import { loadBaseModel } from './load-model.ts';
import { memorySource } from './source.ts';
import { useBackend } from './testing/backends.ts';
import { readFolder, referenceModel } from './testing/reference-data.ts';

interface Golden {
  cases: {
    prompt: string;
    ids: number[];
    logits_last: number[];
    logits_all_first8: number[][];
    hidden_last_token_final: number[];
    greedy_ids: number[];
    greedy_text: string;
  }[];
}

const folder = referenceModel('stories260K');

describe.skipIf(folder === null).each(['cpu', 'wasm'] as const)('stories260K on %s', (backend) => {
  const golden = () => JSON.parse(readFileSync(join(folder!, 'golden.json'), 'utf8')) as Golden;
  const load = async () => {
    await useBackend(backend);
    return loadBaseModel(memorySource(readFolder(join(folder!, 'hf'))));
  };

  it('gives the golden token ids and logits within 1e-4', async () => {
    const model = await load();
    for (const { prompt, ids, logits_last, logits_all_first8 } of golden().cases) {
      expect(model.tokenizer.encode(prompt)).toEqual(ids);
      const logits = tf.tidy(() => {
        const hidden = forwardHidden(model, tf.tensor2d(ids, [1, ids.length], 'int32'));
        return logitsAt(model, tf.reshape(hidden, [ids.length, model.config.dModel]));
      });
      const values = await logits.data();
      const vocab = model.config.vocabSize;
      const last = (ids.length - 1) * vocab;
      logits_last.forEach((expected, token) => {
        expect(Math.abs(values[last + token]! - expected)).toBeLessThan(1e-4);
      });
      logits_all_first8.forEach((row, t) => {
        row.forEach((expected, token) => {
          expect(Math.abs(values[t * vocab + token]! - expected)).toBeLessThan(1e-4);
        });
      });
      logits.dispose();
    }
    model.dispose();
  });
});
