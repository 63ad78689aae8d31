import { MAX_LAYERS, MAX_POSITIONS, MAX_VOCABULARY, MAX_WIDTH } from './bounds.ts';
import type { ConfigFields } from './fields.ts';
import type { ModelConfig } from './model-config.ts';

/** The Llama family; Qwen2 differs by its biases on q, k and v. */
export function llamaConfig(fields: ConfigFields, architecture: 'llama' | 'qwen2'): ModelConfig {
  const dModel = fields.integer('hidden_size', { min: 1, max: MAX_WIDTH });
  const attention = attentionShape(fields, dModel);
  fields.choice('hidden_act', ['silu'], 'silu');
  if (fields.flag('use_sliding_window', false)) {
    fields.refuse('use_sliding_window', 'sliding-window attention is not supported');
  }
  const attentionBias = architecture === 'llama' && fields.flag('attention_bias', false);
  return {
    architecture,
    dModel,
    layers: fields.integer('num_hidden_layers', { min: 1, max: MAX_LAYERS }),
    ...attention,
    feedForwardDim: fields.integer('intermediate_size', { min: 1, max: MAX_WIDTH }),
    vocabSize: fields.integer('vocab_size', { min: 2, max: MAX_VOCABULARY }),
    maxPositions: fields.integer('max_position_embeddings', {
      min: 1,
      max: MAX_POSITIONS,
      fallback: 2048,
    }),
    normEpsilon: fields.positive('rms_norm_eps', 1e-6),
    ropeTheta: ropeTheta(fields),
    activation: 'silu',
    biases: {
      queryKeyValue: architecture === 'qwen2' || attentionBias,
      output: attentionBias,
      feedForward: architecture === 'llama' && fields.flag('mlp_bias', false),
    },
    tieWordEmbeddings: fields.flag('tie_word_embeddings', false),
    bosId: fields.tokenIds('bos_token_id')[0] ?? null,
    eosIds: fields.tokenIds('eos_token_id'),
  };
}

function attentionShape(fields: ConfigFields, dModel: number) {
  const heads = fields.integer('num_attention_heads', { min: 1, max: dModel });
  const kvHeads = fields.integer('num_key_value_heads', { min: 1, max: heads, fallback: heads });
  if (heads % kvHeads !== 0) {
    fields.refuse(
      'num_key_value_heads',
      `must divide num_attention_heads ${heads}, got ${kvHeads}`,
    );
  }
  if (fields.raw('head_dim') === undefined && dModel % heads !== 0) {
    fields.refuse('num_attention_heads', `must divide hidden_size ${dModel}, got ${heads}`);
  }
  const headDim = fields.integer('head_dim', { min: 2, max: MAX_WIDTH, fallback: dModel / heads });
  if (headDim % 2 !== 0) {
    fields.refuse('head_dim', `must be even for rotary embeddings, got ${headDim}`);
  }
  return { heads, kvHeads, headDim };
}

/** `rope_theta` at the top, or `rope_parameters.rope_theta` in files of newer writers. */
function ropeTheta(fields: ConfigFields): number {
  const scaling = fields.nested('rope_scaling');
  const parameters = fields.nested('rope_parameters');
  for (const [name, part] of [
    ['rope_scaling', scaling],
    ['rope_parameters', parameters],
  ] as const) {
    const type = part?.raw('rope_type') ?? part?.raw('type') ?? 'default';
    if (type !== 'default') {
      fields.refuse(name, `${JSON.stringify(type)} is not supported; supported: default`);
    }
  }
  const theta = fields.positive('rope_theta', 10_000);
  return parameters === null ? theta : parameters.positive('rope_theta', theta);
}
