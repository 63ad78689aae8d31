import type { ModelConfig } from '../config/model-config.ts';
import type { DecoderLayer, ModelWeights } from './model-weights.ts';
import type { WeightReader } from './weight-reader.ts';

/** Reads the weights of GPT-2. */
export async function readGpt2Weights(
  reader: WeightReader,
  config: ModelConfig,
): Promise<ModelWeights> {
  const { vocabSize, dModel } = config;
  const embedding = await reader.rows('wte.weight', vocabSize, dModel);
  const positions = await reader.table('wpe.weight', config.maxPositions, dModel);
  const layers: DecoderLayer[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    layers.push(await readLayer(reader, config, layer));
  }
  return {
    embedding,
    positions,
    layers,
    finalNorm: await readNorm(reader, 'ln_f', config),
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
  const { dModel, feedForwardDim } = config;
  const linear = (part: string, inFeatures: number, outFeatures: number) =>
    reader.linear(`transformer.h.${layer}.${part}`, `h.${layer}.${part}`, {
      inFeatures,
      outFeatures,
      hasBias: true,
      storedAs: 'columns',
    });
  return {
    attentionNorm: await readNorm(reader, `h.${layer}.ln_1`, config),
    queryKeyValue: { kind: 'fused', all: await linear('attn.c_attn', dModel, 3 * dModel) },
    output: await linear('attn.c_proj', dModel, dModel),
    feedForwardNorm: await readNorm(reader, `h.${layer}.ln_2`, config),
    feedForward: {
      kind: 'plain',
      up: await linear('mlp.c_fc', dModel, feedForwardDim),
      down: await linear('mlp.c_proj', feedForwardDim, dModel),
    },
  };
}

async function readNorm(reader: WeightReader, name: string, config: ModelConfig) {
  const gain = await reader.vector(`${name}.weight`, config.dModel);
  const bias = await reader.vector(`${name}.bias`, config.dModel);
  return { gain, bias, epsilon: config.normEpsilon };
}
