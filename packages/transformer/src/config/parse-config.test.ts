import { describe, expect, it } from 'vitest';

import { moduleCatalog } from '../catalog.ts';
import { BaseModelError } from '../errors.ts';
import { parseModelConfig } from './parse-config.ts';

const llama = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 172,
  num_hidden_layers: 5,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 512,
  max_position_embeddings: 512,
};
const gpt2 = {
  model_type: 'gpt2',
  n_embd: 48,
  n_layer: 3,
  n_head: 3,
  n_positions: 11,
  vocab_size: 3,
};
const parse = (fields: object) => parseModelConfig(JSON.stringify(fields));

describe('parseModelConfig', () => {
  it("fills Llama's defaults: head width, norm epsilon, rotary base, untied head", () => {
    expect(parse(llama)).toMatchObject({
      headDim: 8,
      normEpsilon: 1e-6,
      ropeTheta: 10_000,
      tieWordEmbeddings: false,
      biases: { queryKeyValue: false, output: false, feedForward: false },
      bosId: null,
      eosIds: [],
    });
  });

  it('Qwen2 has biases on q, k and v alone', () => {
    expect(parse({ ...llama, model_type: 'qwen2' }).biases).toEqual({
      queryKeyValue: true,
      output: false,
      feedForward: false,
    });
  });

  it("fills GPT-2's defaults: inner width 4 · 48 = 192, tied head, tanh GELU", () => {
    expect(parse(gpt2)).toMatchObject({
      feedForwardDim: 192,
      headDim: 16,
      kvHeads: 3,
      tieWordEmbeddings: true,
      activation: 'gelu-tanh',
      ropeTheta: null,
    });
  });

  it('reads the rotary base of the newer layout', () => {
    const rope_parameters = { rope_theta: 500_000, rope_type: 'default' };
    expect(parse({ ...llama, rope_parameters }).ropeTheta).toBe(500_000);
    expect(parse({ ...llama, rope_theta: 1e6, rope_scaling: null }).ropeTheta).toBe(1e6);
  });

  it('takes several end tokens', () => {
    expect(parse({ ...llama, eos_token_id: [2, 7] }).eosIds).toEqual([2, 7]);
  });

  it.each([
    [{ ...llama, model_type: 'mamba' }, 'model_type', 'supported: llama, qwen2, gpt2'],
    [{ hidden_size: 64 }, 'model_type', 'architecture null is not supported'],
    [{ ...llama, hidden_size: 1e12 }, 'hidden_size', 'from 1 to 131072, got 1000000000000'],
    [{ ...llama, num_hidden_layers: 0 }, 'num_hidden_layers', 'got 0'],
    [{ ...llama, vocab_size: '512' }, 'vocab_size', 'got "512"'],
    [{ ...llama, num_key_value_heads: 3 }, 'num_key_value_heads', 'must divide'],
    [{ ...llama, num_attention_heads: 7, num_key_value_heads: 7 }, 'num_attention_heads', 'divide'],
    [{ ...llama, head_dim: 7 }, 'head_dim', 'must be even'],
    [{ ...llama, hidden_act: 'relu' }, 'hidden_act', '"relu" is not supported; supported: silu'],
    [{ ...llama, rope_scaling: { rope_type: 'yarn' } }, 'rope_scaling', '"yarn" is not supported'],
    [{ ...llama, rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling', '"linear"'],
    [{ ...llama, rope_parameters: { rope_type: 'llama3' } }, 'rope_parameters', '"llama3"'],
    [{ ...llama, use_sliding_window: true }, 'use_sliding_window', 'not supported'],
    [{ ...llama, rms_norm_eps: -1 }, 'rms_norm_eps', 'got -1'],
    [{ ...llama, tie_word_embeddings: 1 }, 'tie_word_embeddings', 'got 1'],
    [{ ...llama, eos_token_id: 'x' }, 'eos_token_id', 'token id'],
    [{ ...gpt2, n_head: 5 }, 'n_head', 'must divide n_embd 48, got 5'],
    [{ ...gpt2, activation_function: 'relu' }, 'activation_function', 'gelu_new'],
    [{ ...gpt2, scale_attn_by_inverse_layer_idx: true }, 'scale_attn_by_inverse_layer_idx', 'not'],
  ])('refuses %j, naming %s', (fields, field, words) => {
    const error = (() => {
      try {
        return parse(fields);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(BaseModelError);
    expect(error).toMatchObject({ fileName: 'config.json', tensorName: field });
    expect((error as Error).message).toContain(words);
  });

  it('refuses text that is no JSON object', () => {
    expect(() => parseModelConfig('{')).toThrow('config.json: is not JSON');
    expect(() => parseModelConfig('[1]')).toThrow('config.json: must hold a JSON object');
  });
});

describe('moduleCatalog', () => {
  it('lists 7 modules per Llama layer with the widths of grouped-query attention', () => {
    const { modules, layers } = moduleCatalog(parse(llama));
    expect(layers).toBe(5);
    expect(modules).toHaveLength(5 * 7);
    // 4 key-value heads of width 8
    expect(modules).toContainEqual({
      module: 'model.layers.2.self_attn.v_proj',
      inFeatures: 64,
      outFeatures: 32,
      layer: 2,
    });
  });

  it('lists 4 modules per GPT-2 layer, fused c_attn of 3 · 48 outputs', () => {
    const { modules, fanInFanOut, defaults } = moduleCatalog(parse(gpt2));
    expect(modules).toHaveLength(3 * 4);
    expect(fanInFanOut).toBe(true);
    expect(defaults.papers.modules).toEqual(['c_attn']);
    expect(modules[0]).toEqual({
      module: 'transformer.h.0.attn.c_attn',
      inFeatures: 48,
      outFeatures: 144,
      layer: 0,
    });
  });
});
