import { encodeSafetensors, parseHeader } from '@roundtable/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialWeights } from './initial.ts';
import { fromPeft } from './peft-read.ts';
import { toPeft } from './peft-write.ts';
import type { AdapterSpec } from './spec.ts';

const llama: AdapterSpec = {
  rank: 2,
  alpha: 16,
  aInit: 'orthonormal',
  aSeed: 'public-seed',
  fanInFanOut: false,
  targets: [2, 10].flatMap((layer) => [
    { module: `model.layers.${layer}.self_attn.o_proj`, inFeatures: 6, outFeatures: 4, layer },
    { module: `model.layers.${layer}.mlp.down_proj`, inFeatures: 5, outFeatures: 4, layer },
  ]),
};
const gpt2: AdapterSpec = {
  ...llama,
  fanInFanOut: true,
  targets: [{ module: 'transformer.h.1.attn.c_proj', inFeatures: 6, outFeatures: 6, layer: 1 }],
};
const files = (spec: AdapterSpec) =>
  toPeft(initialWeights(spec), spec, { baseModelName: 'tiny', taskType: 'CAUSAL_LM' });
const configOf = (spec: AdapterSpec) =>
  JSON.parse(files(spec)['adapter_config.json']) as Record<string, unknown>;

describe('toPeft', () => {
  it('names and shapes tensors as PEFT does', () => {
    const bytes = files(llama)['adapter_model.safetensors'];
    const { tensors, metadata } = parseHeader(bytes, bytes.length, 'f');
    const shape = (name: string) =>
      tensors.get(`base_model.model.model.layers.2.${name}.weight`)?.shape;
    expect(tensors.size).toBe(8);
    expect(shape('mlp.down_proj.lora_A')).toEqual([2, 5]);
    expect(shape('mlp.down_proj.lora_B')).toEqual([4, 2]);
    expect(metadata['format']).toBe('pt');
  });

  it('writes a configuration that PEFT applies to the same modules', () => {
    expect(configOf(llama)).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      base_model_name_or_path: 'tiny',
      r: 2,
      lora_alpha: 16,
      target_modules: ['o_proj', 'down_proj'],
      layers_to_transform: [2, 10],
      fan_in_fan_out: false,
      bias: 'none',
    });
    expect(configOf(gpt2)).toMatchObject({ target_modules: ['attn.c_proj'], fan_in_fan_out: true });
  });

  it('lists full paths where the targets are not all chosen modules of all chosen layers', () => {
    const spec = { ...llama, targets: llama.targets.slice(0, 3) };
    expect(configOf(spec)).toMatchObject({
      target_modules: spec.targets.map(({ module }) => module),
      layers_to_transform: null,
    });
  });

  it('refuses weights that are not finite', () => {
    const weights = initialWeights(llama);
    weights.loraB[3]![1] = NaN;
    expect(() => toPeft(weights, llama, { baseModelName: 'tiny' })).toThrow(
      'model.layers.10.mlp.down_proj.lora_B must hold finite values only',
    );
  });
});

describe('fromPeft', () => {
  it.each([llama, gpt2])('gives back specification and weights bit for bit', (spec) => {
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (numbers) => {
        const weights = initialWeights(spec);
        weights.loraB[0]!.set(numbers.slice(0, weights.loraB[0]!.length));
        const written = toPeft(weights, spec, { baseModelName: 'tiny' });
        const read = fromPeft(written['adapter_model.safetensors'], written['adapter_config.json']);
        expect(read).toEqual({ spec, weights });
      }),
      { numRuns: 20 },
    );
  });

  const one = (name: string, shape: number[], fill = 0.5) => ({
    name: `base_model.model.${name}`,
    dtype: 'F32' as const,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill),
  });
  const path = 'model.layers.0.self_attn.q_proj';
  const pair = [one(`${path}.lora_A.weight`, [2, 6]), one(`${path}.lora_B.weight`, [4, 2])];
  const config = JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4 });

  it('reads a file of another tool in F16, with the adapter name in its keys, and knows no seed', () => {
    const half = pair.map((tensor) => ({
      ...tensor,
      dtype: 'F16' as const,
      name: tensor.name.replace('.weight', '.default.weight'),
    }));
    const { spec, weights } = fromPeft(encodeSafetensors(half), config);
    expect(spec).toMatchObject({ rank: 2, alpha: 4, aSeed: '', fanInFanOut: false });
    expect(spec.targets).toEqual([{ module: path, inFeatures: 6, outFeatures: 4, layer: 0 }]);
    expect(weights.loraB[0]).toEqual(new Float32Array(8).fill(0.5));
  });

  it('orders layer 2 before layer 10, whatever the file says', () => {
    const tensors = [10, 2].flatMap((layer) =>
      pair.map((tensor) => ({
        ...tensor,
        name: tensor.name.replace('layers.0', `layers.${layer}`),
      })),
    );
    const { spec } = fromPeft(encodeSafetensors(tensors), config);
    expect(spec.targets.map(({ layer }) => layer)).toEqual([2, 10]);
  });

  it.each([
    ['A without B', [pair[0]!], /lora_B is missing/],
    ['no tensor', [], /holds no adapter/],
    ['a bias', [...pair, one('score.bias', [1])], /not a LoRA weight/],
    ['another rank in B', [pair[0]!, one(`${path}.lora_B.weight`, [4, 3])], /rank must be 2/],
    ['a vector', [one(`${path}.lora_A.weight`, [12]), pair[1]!], /two sizes ≥ 1, got \[12\]/],
    ['an empty matrix', [one(`${path}.lora_A.weight`, [2, 0]), pair[1]!], /got \[2, 0\]/],
    ['NaN', [pair[0]!, one(`${path}.lora_B.weight`, [4, 2], NaN)], /lora_B.weight: value 0 is NaN/],
    ['infinity', [one(`${path}.lora_A.weight`, [2, 6], Infinity), pair[1]!], /value 0 is Infinity/],
    [
      'the same tensor under two names',
      [...pair, one(`${path}.lora_A.default.weight`, [2, 6])],
      /twice/,
    ],
    [
      'no layer',
      pair.map((t) => ({ ...t, name: t.name.replace('layers.0', 'body') })),
      /names no layer/,
    ],
    [
      'a rank above the input size',
      [one(`${path}.lora_A.weight`, [2, 1]), pair[1]!],
      /rank must be ≤ 1/,
    ],
  ])('refuses %s', (_, tensors, reason) => {
    expect(() => fromPeft(encodeSafetensors(tensors), config)).toThrow(reason);
  });

  it.each([
    ['{', /not valid JSON/],
    ['[]', /not a JSON object/],
    ['{}', /peft_type must be LORA, got undefined/],
    [
      JSON.stringify({ peft_type: 'LORA', r: 2.5, lora_alpha: 4 }),
      /r must be an integer in 1 … 4096, got 2.5/,
    ],
    [JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 0 }), /lora_alpha must be a number > 0/],
    [
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, use_dora: true }),
      /use_dora must be absent/,
    ],
    [
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, init_lora_weights: 'pissa' }),
      /init_lora/,
    ],
    [
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, rank_pattern: { a: 1 } }),
      /rank_pattern/,
    ],
    [JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, bias: 'all' }), /bias must be none/],
    [
      JSON.stringify({ peft_type: 'LORA', r: 2, lora_alpha: 4, fan_in_fan_out: 1 }),
      /fan_in_fan_out/,
    ],
  ])('refuses the configuration %s', (text, reason) => {
    expect(() => fromPeft(encodeSafetensors(pair), text)).toThrow(reason);
  });
});
