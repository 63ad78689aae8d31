import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { gaussian, seededRandom } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { writeManifest } from './manifest.ts';
import type { NamedTensor } from './safetensors-writer.ts';
import { encodeSafetensors } from './safetensors-writer.ts';
import {
  BOS_ID,
  EOS_ID,
  FIRST_MERGE_ID,
  tokenizerConfig,
  tokenizerJson,
} from './tokenizer-json.ts';

export interface TinyModelOptions {
  /** Default 'tiny'. The same options give the same bytes. */
  seed?: string;
  /** Default 'llama'. */
  architecture?: 'llama' | 'gpt2';
  /** Width, a multiple of 8; default 32. There are always 4 heads, for Llama over 2 key-value heads. */
  dModel?: number;
  /** Default 2. */
  layers?: number;
  /** 258 to 934 (256 bytes, bos, eos, then pairs of lower-case letters); default 288. */
  vocab?: number;
}

interface Shape {
  d: number;
  layers: number;
  vocab: number;
}

const HEADS = 4;
const KV_HEADS = 2;
const POSITIONS = 128;

/**
 * Writes a model of random weights in the Hugging Face layout (`config.json`, F32
 * `model.safetensors`, `tokenizer.json`, `tokenizer_config.json`, `manifest.json`) for fast tests.
 *
 * @throws RangeError when a size is outside its range
 */
export async function writeTinyModel(
  folder: string,
  options: TinyModelOptions = {},
): Promise<void> {
  const { seed = 'tiny', architecture = 'llama', dModel = 32, layers = 2, vocab = 288 } = options;
  if (!Number.isInteger(dModel) || dModel < 8 || dModel % 8 !== 0) {
    throw new RangeError(`dModel must be a positive multiple of 8, not ${dModel}`);
  }
  if (!Number.isInteger(layers) || layers < 1) {
    throw new RangeError(`layers must be an integer of at least 1, not ${layers}`);
  }
  const merges = letterMerges(vocab);
  const shape = { d: dModel, layers, vocab };
  const random = seededRandom(`${seed}/${architecture}`);
  const tensors =
    architecture === 'llama' ? llamaTensors(random, shape) : gpt2Tensors(random, shape);
  const config = architecture === 'llama' ? llamaConfig(shape) : gpt2Config(shape);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(tensors));
  await writeJson(join(folder, 'config.json'), config);
  await writeJson(join(folder, 'tokenizer.json'), tokenizerJson(merges));
  await writeJson(join(folder, 'tokenizer_config.json'), tokenizerConfig(POSITIONS));
  await writeManifest(folder, `tiny-${architecture}`);
}

function letterMerges(vocab: number): [number, number][] {
  const count = vocab - FIRST_MERGE_ID;
  if (!Number.isInteger(vocab) || count < 0 || count > 26 * 26) {
    throw new RangeError(`vocab must be an integer from 258 to 934, not ${vocab}`);
  }
  const a = 'a'.charCodeAt(0);
  return Array.from({ length: count }, (_, k) => [a + ((k * 7) % 26), a + Math.floor(k / 26)]);
}

function normalTensor(
  random: SeededRandom,
  name: string,
  shape: number[],
  deviation: number,
): NamedTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    name,
    shape,
    values: Float32Array.from({ length: count }, () => deviation * gaussian(random)),
  };
}

function nearOnes(random: SeededRandom, name: string, size: number): NamedTensor {
  const values = Float32Array.from({ length: size }, () => 1 + 0.1 * gaussian(random));
  return { name, shape: [size], values };
}

function llamaTensors(random: SeededRandom, { d, layers, vocab }: Shape): NamedTensor[] {
  const kv = (d / HEADS) * KV_HEADS;
  const ff = 3 * d;
  const linear = (name: string, out: number, input: number) =>
    normalTensor(random, `${name}.weight`, [out, input], 1 / Math.sqrt(input));
  const tensors = [normalTensor(random, 'model.embed_tokens.weight', [vocab, d], 0.5)];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    tensors.push(
      nearOnes(random, `${at}.input_layernorm.weight`, d),
      linear(`${at}.self_attn.q_proj`, d, d),
      linear(`${at}.self_attn.k_proj`, kv, d),
      linear(`${at}.self_attn.v_proj`, kv, d),
      linear(`${at}.self_attn.o_proj`, d, d),
      nearOnes(random, `${at}.post_attention_layernorm.weight`, d),
      linear(`${at}.mlp.gate_proj`, ff, d),
      linear(`${at}.mlp.up_proj`, ff, d),
      linear(`${at}.mlp.down_proj`, d, ff),
    );
  }
  return [...tensors, nearOnes(random, 'model.norm.weight', d)];
}

function gpt2Tensors(random: SeededRandom, { d, layers, vocab }: Shape): NamedTensor[] {
  const linear = (name: string, input: number, out: number) => [
    normalTensor(random, `${name}.weight`, [input, out], 1 / Math.sqrt(input)),
    normalTensor(random, `${name}.bias`, [out], 0.1),
  ];
  const norm = (name: string) => [
    nearOnes(random, `${name}.weight`, d),
    normalTensor(random, `${name}.bias`, [d], 0.1),
  ];
  const tensors = [
    normalTensor(random, 'transformer.wte.weight', [vocab, d], 0.5),
    normalTensor(random, 'transformer.wpe.weight', [POSITIONS, d], 0.2),
  ];
  for (let layer = 0; layer < layers; layer++) {
    const at = `transformer.h.${layer}`;
    tensors.push(
      ...norm(`${at}.ln_1`),
      ...linear(`${at}.attn.c_attn`, d, 3 * d),
      ...linear(`${at}.attn.c_proj`, d, d),
      ...norm(`${at}.ln_2`),
      ...linear(`${at}.mlp.c_fc`, d, 4 * d),
      ...linear(`${at}.mlp.c_proj`, 4 * d, d),
    );
  }
  return [...tensors, ...norm('transformer.ln_f')];
}

function llamaConfig({ d, layers, vocab }: Shape): object {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    hidden_size: d,
    intermediate_size: 3 * d,
    num_hidden_layers: layers,
    num_attention_heads: HEADS,
    num_key_value_heads: KV_HEADS,
    vocab_size: vocab,
    max_position_embeddings: POSITIONS,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    bos_token_id: BOS_ID,
    eos_token_id: EOS_ID,
    torch_dtype: 'float32',
  };
}

function gpt2Config({ d, layers, vocab }: Shape): object {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    activation_function: 'gelu_new',
    n_embd: d,
    n_layer: layers,
    n_head: HEADS,
    n_positions: POSITIONS,
    vocab_size: vocab,
    layer_norm_epsilon: 1e-5,
    tie_word_embeddings: true,
    bos_token_id: BOS_ID,
    eos_token_id: EOS_ID,
    torch_dtype: 'float32',
  };
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
