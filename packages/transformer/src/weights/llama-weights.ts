import type { ModelConfig } from '../config/model-config.ts';
import type { DecoderLayer, ModelWeights } from './model-weights.ts';
import type { WeightReader } from './weight-reader.ts';

/** Reads the weights of the Llama family and Qwen2. */
export async function readLlamaWeights(
  reader: WeightReader,
  config: ModelConfig,
): Promise<ModelWeights> {
  const { vocabSize, dModel } = config;
  const embedding = await reader.rows('embed_tokens.weight', vocabSize, dModel);
  const layers: DecoderLayer[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    layers.push(await readLayer(reader, config, layer));
  }
  return {
    embedding,
    positions: null,
    layers,
    finalNorm: await readNorm(reader, 'norm', config),
    head: config.tieWordEmbeddings
      ? embedding
      : await reader.rows('lm_head.weight', vocabSize, dModel, true),
  };
}

async function readLayer(
  reader: WeightReader,
  config: ModelConfig,
  layer: number,
): Promise<DecoderLayer> {
  const { dModel, feedForwardDim, biases } = config;
  const queryDim = config.heads * config.headDim;
  const keyDim = config.kvHeads * config.headDim;
  const linear = (part: string, inFeatures: number, outFeatures: number, hasBias: boolean) =>
    reader.linear(`model.layers.${layer}.${part}`, `layers.${layer}.${part}`, {
      inFeatures,
      outFeatures,
      hasBias,
      storedAs: 'rows',
    });
  return {
    attentionNorm: await readNorm(reader, `layers.${layer}.input_layernorm`, config),
    queryKeyValue: {
      kind: 'separate',
      query: await linear('self_attn.q_proj', dModel, queryDim, biases.queryKeyValue),
      key: await linear('self_attn.k_proj', dModel, keyDim, biases.queryKeyValue),
      value: await linear('self_attn.v_proj', dModel, keyDim, biases.queryKeyValue),
    },
    output: await linear('self_attn.o_proj', queryDim, dModel, biases.output),
    feedForwardNorm: await readNorm(reader, `layers.${layer}.post_attention_layernorm`, config),
    feedForward: {
      kind: 'gated',
      gate: await linear('mlp.gate_proj', dModel, feedForwardDim, biases.feedForward),
      up: await linear('mlp.up_proj', dModel, feedForwardDim, biases.feedForward),
      down: await linear('mlp.down_proj', feedForwardDim, dModel, biases.feedForward),
    },
  };
}

async function readNorm(reader: WeightReader, name: string, config: ModelConfig) {
  const gain = await reader.vector(`${name}.weight`, config.dModel);
  return { gain, bias: null, epsilon: config.normEpsilon };
}
