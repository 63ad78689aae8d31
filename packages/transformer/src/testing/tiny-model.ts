import { encodeSafetensors } from '@roundtable/safetensors';

import { moduleCatalog } from '../catalog.ts';
import { parseModelConfig } from '../config/parse-config.ts';
import { byteTokenizer } from './byte-tokenizer.ts';

/** A random model's sizes and kind. */
export interface TinyModelOptions {
  architecture?: 'llama' | 'qwen2' | 'gpt2';
  /** Default 16, a multiple of 8. */
  dModel?: number;
  /** Default 2. */
  layers?: number;
  heads?: number;
  kvHeads?: number;
  maxPositions?: number;
  tied?: boolean;
  /** Fields laid over `config.json`. */
  config?: Record<string, unknown>;
  seed?: number;
}

interface NamedTensor {
  name: string;
  dtype: 'F32';
  shape: number[];
  values: Float32Array;
}

/** The byte-level vocabulary: 256 bytes, bos, eos. */
export const TINY_VOCABULARY = 258;

/** The files of a random model in Hugging Face's layout, for `memorySource`; equal options give equal bytes. */
export function tinyModelFiles(options: TinyModelOptions = {}): Record<string, Uint8Array> {
  const config = JSON.stringify(tinyConfig(options));
  const text = new TextEncoder();
  const { tokenizer, tokenizerConfig } = byteTokenizer();
  return {
    'config.json': text.encode(config),
    'tokenizer.json': text.encode(JSON.stringify(tokenizer)),
    'tokenizer_config.json': text.encode(JSON.stringify(tokenizerConfig)),
    'model.safetensors': encodeSafetensors(tinyTensors(config, options.seed ?? 1)),
  };
}

function tinyConfig(options: TinyModelOptions): Record<string, unknown> {
  const { architecture = 'llama', dModel = 16, layers = 2, heads = 4, kvHeads = 2 } = options;
  const shared = {
    model_type: architecture,
    vocab_size: TINY_VOCABULARY,
    bos_token_id: 256,
    eos_token_id: 257,
  };
  const maxPositions = options.maxPositions ?? 64;
  const own =
    architecture === 'gpt2'
      ? { n_embd: dModel, n_layer: layers, n_head: heads, n_positions: maxPositions }
      : {
          hidden_size: dModel,
          intermediate_size: 3 * dModel,
          num_hidden_layers: layers,
          num_attention_heads: heads,
          num_key_value_heads: kvHeads,
          max_position_embeddings: maxPositions,
          rms_norm_eps: 1e-5,
        };
  return { ...shared, ...own, tie_word_embeddings: options.tied ?? true, ...options.config };
}

/** Weights near those of a trained network: linears of standard deviation 1/√in, gains near 1. */
export function tinyTensors(configJson: string, seed: number): NamedTensor[] {
  const config = parseModelConfig(configJson);
  const isGpt2 = config.architecture === 'gpt2';
  const draw = normals(seed);
  const tensor = (name: string, shape: number[], deviation: number, mean = 0): NamedTensor => {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, () => mean + deviation * draw());
    return { name, dtype: 'F32', shape, values };
  };
  const norm = (name: string): NamedTensor[] => [
    tensor(`${name}.weight`, [config.dModel], 0.1, 1),
    ...(isGpt2 ? [tensor(`${name}.bias`, [config.dModel], 0.1)] : []),
  ];
  const stem = isGpt2 ? 'transformer' : 'model';
  const names = isGpt2
    ? { embedding: 'wte', layer: 'h', norms: ['ln_1', 'ln_2'], final: 'ln_f' }
    : {
        embedding: 'embed_tokens',
        layer: 'layers',
        norms: ['input_layernorm', 'post_attention_layernorm'],
        final: 'norm',
      };
  const tensors = [
    tensor(`${stem}.${names.embedding}.weight`, [config.vocabSize, config.dModel], 0.5),
    ...norm(`${stem}.${names.final}`),
  ];
  if (isGpt2)
    tensors.push(tensor('transformer.wpe.weight', [config.maxPositions, config.dModel], 0.2));
  if (!config.tieWordEmbeddings) {
    tensors.push(tensor('lm_head.weight', [config.vocabSize, config.dModel], 0.5));
  }
  for (let layer = 0; layer < config.layers; layer++) {
    for (const name of names.norms)
      tensors.push(...norm(`${stem}.${names.layer}.${layer}.${name}`));
  }
  for (const { module, inFeatures, outFeatures } of moduleCatalog(config).modules) {
    const shape = isGpt2 ? [inFeatures, outFeatures] : [outFeatures, inFeatures];
    tensors.push(tensor(`${module}.weight`, shape, 1 / Math.sqrt(inFeatures)));
    if (hasBias(config.biases, module)) tensors.push(tensor(`${module}.bias`, [outFeatures], 0.1));
  }
  return tensors;
}

function hasBias(
  biases: { queryKeyValue: boolean; output: boolean; feedForward: boolean },
  module: string,
): boolean {
  if (module.includes('mlp')) return biases.feedForward;
  return /o_proj|c_proj/.test(module) ? biases.output : biases.queryKeyValue;
}

/** Standard normal numbers of a small seeded generator (mulberry32, Box–Muller). */
export function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
