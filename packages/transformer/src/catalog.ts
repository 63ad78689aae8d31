import type { AdapterTarget, ModuleCatalog } from '@roundtable/lora';

import type { ModelConfig } from './config/model-config.ts';

/** The linear modules that adapters may sit on, with the presets of this architecture. */
export function moduleCatalog(config: ModelConfig): ModuleCatalog {
  const shapes = config.architecture === 'gpt2' ? gpt2Shapes(config) : llamaShapes(config);
  const stem = config.architecture === 'gpt2' ? 'transformer.h' : 'model.layers';
  const modules: AdapterTarget[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [part, inFeatures, outFeatures] of shapes) {
      modules.push({ module: `${stem}.${layer}.${part}`, inFeatures, outFeatures, layer });
    }
  }
  const isGpt2 = config.architecture === 'gpt2';
  return {
    modules,
    layers: config.layers,
    fanInFanOut: isGpt2,
    defaults: {
      // GPT-2 fuses q, k and v: its c_attn adapter changes k as well.
      papers: { modules: isGpt2 ? ['c_attn'] : ['q_proj', 'v_proj'], layers: 'all' },
      fast: {
        modules: isGpt2 ? ['attn.c_proj', 'mlp.c_proj'] : ['o_proj', 'down_proj'],
        layers: [-1],
      },
    },
  };
}

type PartShape = [part: string, inFeatures: number, outFeatures: number];

function llamaShapes({
  dModel,
  heads,
  kvHeads,
  headDim,
  feedForwardDim,
}: ModelConfig): PartShape[] {
  return [
    ['self_attn.q_proj', dModel, heads * headDim],
    ['self_attn.k_proj', dModel, kvHeads * headDim],
    ['self_attn.v_proj', dModel, kvHeads * headDim],
    ['self_attn.o_proj', heads * headDim, dModel],
    ['mlp.gate_proj', dModel, feedForwardDim],
    ['mlp.up_proj', dModel, feedForwardDim],
    ['mlp.down_proj', feedForwardDim, dModel],
  ];
}

function gpt2Shapes({ dModel, feedForwardDim }: ModelConfig): PartShape[] {
  return [
    ['attn.c_attn', dModel, 3 * dModel],
    ['attn.c_proj', dModel, dModel],
    ['mlp.c_fc', dModel, feedForwardDim],
    ['mlp.c_proj', feedForwardDim, dModel],
  ];
}
