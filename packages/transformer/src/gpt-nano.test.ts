import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { encodeSafetensors } from '@roundtable/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { embed } from './forward/embed.ts';
import { forwardHidden, runUpTo } from './forward/hidden.ts';
import { startRun } from './forward/layer-run.ts';
import { attend } from './forward/layer.ts';
import { logitsAt } from './forward/logits.ts';
import { loadBaseModel } from './load-model.ts';
import { normalize } from './ops/norm.ts';
import { memorySource } from './source.ts';
import { useBackend } from './testing/backends.ts';
import { referenceModel } from './testing/reference-data.ts';

interface Stored {
  shape: number[];
  data: string;
}

/** minGPT's own tensors by name, base64 float32; `config` aside. */
type StoredModel = Record<string, Stored>;

const folder = referenceModel('gpt-nano-sort');

const readStored = (name: string) =>
  JSON.parse(readFileSync(join(folder!, name), 'utf8')) as StoredModel;

function floats({ data }: Stored): Float32Array {
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** minGPT keeps [out, in] where Hugging Face's GPT-2 keeps [in, out]. */
function transposed(values: Float32Array, [rows, columns]: number[]): Float32Array {
  return values.map((_, i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!);
}

function gpt2Files(model: StoredModel): Record<string, Uint8Array> {
  const tensors = Object.entries(model).flatMap(([name, stored]) => {
    if (name === 'config' || name.endsWith('.attn.bias')) return [];
    const isConv = /c_attn\.weight|c_proj\.weight|c_fc\.weight/.test(name);
    const values = isConv ? transposed(floats(stored), stored.shape) : floats(stored);
    const shape = isConv ? stored.shape.toReversed() : stored.shape;
    return [{ name, dtype: 'F32' as const, shape, values }];
  });
  const config = {
    model_type: 'gpt2',
    n_embd: 48,
    n_layer: 3,
    n_head: 3,
    n_positions: 11,
    vocab_size: 3,
    tie_word_embeddings: false,
  };
  const vocab = { '0': 0, '1': 1, '2': 2 };
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: { type: 'BPE', vocab, merges: [] },
  };
  const text = new TextEncoder();
  return {
    'config.json': text.encode(JSON.stringify(config)),
    'tokenizer.json': text.encode(JSON.stringify(tokenizer)),
    'model.safetensors': encodeSafetensors(tensors),
  };
}

describe.skipIf(folder === null).each(['cpu', 'wasm'] as const)(
  'gpt-nano-sort on %s',
  (backend) => {
    it("reproduces minGPT's activations within 1e-4", async () => {
      await useBackend(backend);
      const partials = readStored('gpt-nano-sort-t0-partials.json');
      const model = await loadBaseModel(
        memorySource(gpt2Files(readStored('gpt-nano-sort-model.json'))),
      );
      const { shape, data } = partials['idx']!;
      const [batch, tokens] = shape as [number, number];
      const ids = tf.tensor2d(Int32Array.from(floats({ shape, data })), [batch, tokens], 'int32');
      const run = startRun(model.config, batch, tokens, null);
      const x = embed(model, ids);
      const first = model.weights.layers[0]!;
      const block0 = runUpTo(model, x, 1, run);
      const hidden = forwardHidden(model, ids);
      const found: Record<string, tf.Tensor> = {
        x,
        ln1: normalize(x, first.attentionNorm),
        y: attend(first, x, run).heads,
        block0,
        block1: runUpTo(model, x, 2, run),
        block2: runUpTo(model, x, 3, run),
        ln_f: hidden,
        lm_head: logitsAt(model, tf.reshape(hidden, [batch * tokens, 48])),
      };
      for (const [name, tensor] of Object.entries(found)) {
        const expected = floats(partials[name]!);
        const values = Float32Array.from(await tensor.data());
        expect(values.length, name).toBe(expected.length);
        const worst = values.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - expected[i]!)),
          0,
        );
        expect(worst, name).toBeLessThan(1e-4);
      }
      model.dispose();
    });
  },
);
