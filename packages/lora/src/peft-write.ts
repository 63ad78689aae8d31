import { encodeSafetensors } from '@roundtable/safetensors';
import type { AdapterSpec } from './spec.ts';
import { pathInLayer } from './spec.ts';
import type { AdapterWeights } from './weights.ts';
import { checkWeights } from './weights.ts';

/** The two files of an adapter as the Python library PEFT reads and writes them. */
export interface PeftFiles {
  'adapter_model.safetensors': Uint8Array<ArrayBuffer>;
  'adapter_config.json': string;
}

/**
 * The adapter in PEFT's layout, F32. The seed and kind of A travel in the file's metadata, which PEFT ignores.
 * @throws RangeError if the weights do not fit the spec or are not finite
 */
export function toPeft(
  weights: AdapterWeights,
  spec: AdapterSpec,
  { baseModelName, taskType = 'CAUSAL_LM' }: { baseModelName: string; taskType?: 'CAUSAL_LM' },
): PeftFiles {
  checkWeights(spec, weights);
  const tensors = spec.targets.flatMap(({ module, inFeatures, outFeatures }, i) => [
    tensor(`${module}.lora_A`, [spec.rank, inFeatures], weights.loraA[i]!),
    tensor(`${module}.lora_B`, [outFeatures, spec.rank], weights.loraB[i]!),
  ]);
  const metadata = { format: 'pt', a_init: spec.aInit, a_seed: spec.aSeed };
  return {
    'adapter_model.safetensors': encodeSafetensors(tensors, metadata),
    'adapter_config.json': `${JSON.stringify(config(spec, baseModelName, taskType), null, 2)}\n`,
  };
}

function tensor(path: string, shape: number[], values: Float32Array) {
  if (!values.every(Number.isFinite)) throw new RangeError(`${path} must hold finite values only`);
  return { name: `base_model.model.${path}.weight`, dtype: 'F32' as const, shape, values };
}

// Field names and defaults of PEFT's LoraConfig.
function config(spec: AdapterSpec, baseModelName: string, taskType: string): object {
  return {
    peft_type: 'LORA',
    task_type: taskType,
    base_model_name_or_path: baseModelName,
    inference_mode: true,
    r: spec.rank,
    lora_alpha: spec.alpha,
    lora_dropout: 0,
    ...targetFields(spec),
    fan_in_fan_out: spec.fanInFanOut,
    bias: 'none',
    init_lora_weights: true,
    use_rslora: false,
    use_dora: false,
    modules_to_save: null,
    layers_pattern: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
}

// PEFT adapts every chosen module of every chosen layer. Where the targets are not such a grid, full paths say
// exactly which they are.
function targetFields(spec: AdapterSpec): object {
  const layers = [...new Set(spec.targets.map(({ layer }) => layer))].sort((a, b) => a - b);
  const names = new Set(spec.targets.map(pathInLayer));
  const isGrid = spec.targets.length === layers.length * names.size;
  return isGrid
    ? { target_modules: shortNames([...names], spec.fanInFanOut), layers_to_transform: layers }
    : { target_modules: spec.targets.map(({ module }) => module), layers_to_transform: null };
}

// `o_proj` says enough in the Llama family; GPT-2 has two c_proj in one block, and PEFT would take both.
function shortNames(names: string[], fanInFanOut: boolean): string[] {
  const last = names.map((name) => name.split('.').at(-1)!);
  return fanInFanOut || new Set(last).size < names.length ? names : last;
}
