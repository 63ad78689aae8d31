import { MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, MAX_WIDTH } from './bounds.ts';
import type { ConfigFields } from './fields.ts';
import type { ModelConfig } from './model-config.ts';

const ACTIVATIONS = ['gelu_new', 'gelu_pytorch_tanh', 'gelu'] as const;

/** GPT-2: layer norm, learned positions, fused q, k and v, GELU, biases everywhere. */
export function gpt2Config(fields: ConfigFields): ModelConfig {
  const dModel = fields.integer('n_embd', { min: 1, max: MAX_WIDTH });
  const heads = fields.integer('n_head', { min: 1, max: dModel });
  if (dModel % heads !== 0) fields.refuse('n_head', `must divide n_embd ${dModel}, got ${heads}`);
  refuseVariants(fields);
  const activation = fields.choice('activation_function', ACTIVATIONS, 'gelu_new');
  return {
    architecture: 'gpt2',
    dModel,
    layers: fields.integer('n_layer', { min: 1, max: MAX_LAYERS }),
    heads,
    kvHeads: heads,
    headDim: dModel / heads,
    feedForwardDim: fields.integer('n_inner', { min: 1, max: MAX_WIDTH, fallback: 4 * dModel }),
    vocabSize: fields.integer('vocab_size', { min: 2, max: MAX_VOCABULARY }),
    maxPositions: fields.integer('n_positions', { min: 1, max: MAX_POSITIONS, fallback: 1024 }),
    normEpsilon: fields.positive('layer_norm_epsilon', 1e-5),
    ropeTheta: null,
    activation: activation === 'gelu' ? 'gelu' : 'gelu-tanh',
    biases: { queryKeyValue: true, output: true, feedForward: true },
    tieWordEmbeddings: fields.flag('tie_word_embeddings', true),
    bosId: fields.tokenIds('bos_token_id')[0] ?? null,
    eosIds: fields.tokenIds('eos_token_id'),
  };
}

function refuseVariants(fields: ConfigFields): void {
  if (!fields.flag('scale_attn_weights', true)) {
    fields.refuse('scale_attn_weights', 'unscaled attention is not supported');
  }
  if (fields.flag('scale_attn_by_inverse_layer_idx', false)) {
    fields.refuse('scale_attn_by_inverse_layer_idx', 'scaling by layer is not supported');
  }
  if (fields.flag('add_cross_attention', false)) {
    fields.refuse('add_cross_attention', 'cross attention is not supported');
  }
}
