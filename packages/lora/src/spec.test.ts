import { describe, expect, it } from 'vitest';
import { adapterPresets } from './presets.ts';
import type { AdapterTarget, ModuleCatalog } from './spec.ts';
import { adapterScaling, moduleNames, resolveAdapterSpec } from './spec.ts';

const block = (layer: number): AdapterTarget[] => [
  { module: `model.layers.${layer}.self_attn.q_proj`, inFeatures: 16, outFeatures: 16, layer },
  { module: `model.layers.${layer}.self_attn.v_proj`, inFeatures: 16, outFeatures: 8, layer },
  { module: `model.layers.${layer}.self_attn.o_proj`, inFeatures: 16, outFeatures: 16, layer },
  { module: `model.layers.${layer}.mlp.down_proj`, inFeatures: 40, outFeatures: 16, layer },
];
const catalog: ModuleCatalog = {
  modules: [0, 1, 2].flatMap(block),
  layers: 3,
  fanInFanOut: false,
  defaults: {
    papers: { modules: ['q_proj', 'v_proj'], layers: 'all' },
    fast: { modules: ['o_proj', 'down_proj'], layers: [-1] },
  },
};
const choice = {
  rank: 4,
  alpha: 8,
  aInit: 'kaiming' as const,
  aSeed: 'seed',
  layers: 'all' as const,
};

describe('resolveAdapterSpec', () => {
  it('takes the chosen modules of every layer in the order of the catalog', () => {
    const spec = resolveAdapterSpec({ ...choice, modules: ['v_proj', 'q_proj'] }, catalog);
    expect(spec.targets.map(({ module }) => module)).toEqual([
      'model.layers.0.self_attn.q_proj',
      'model.layers.0.self_attn.v_proj',
      'model.layers.1.self_attn.q_proj',
      'model.layers.1.self_attn.v_proj',
      'model.layers.2.self_attn.q_proj',
      'model.layers.2.self_attn.v_proj',
    ]);
    expect(adapterScaling(spec)).toBe(8 / 4);
  });

  it('counts layer −1 as the last and a layer given twice once', () => {
    const spec = resolveAdapterSpec(
      { ...choice, modules: ['self_attn.o_proj'], layers: [-1, 2] },
      catalog,
    );
    expect(spec.targets.map(({ layer }) => layer)).toEqual([2]);
  });

  it('does not take a module whose name only ends alike', () => {
    expect(() => resolveAdapterSpec({ ...choice, modules: ['proj'] }, catalog)).toThrow(
      'adapter.modules: proj is not in this base model, which has self_attn.q_proj, self_attn.v_proj, self_attn.o_proj, mlp.down_proj',
    );
  });

  it.each([3, -4, 0.5])('refuses layer %s of three', (layer) => {
    const bad = { ...choice, modules: ['q_proj'], layers: [layer] };
    expect(() => resolveAdapterSpec(bad, catalog)).toThrow(
      `adapter.layers: ${layer} is outside −3 … 2`,
    );
  });

  it('refuses a rank above an input size and one that is no integer ≥ 1', () => {
    const bad = (rank: number) => () =>
      resolveAdapterSpec({ ...choice, modules: ['q_proj'], rank }, catalog);
    expect(bad(17)).toThrow(
      'adapter.rank must be ≤ 16, the input size of model.layers.0.self_attn.q_proj, got 17',
    );
    expect(bad(0)).toThrow('adapter.rank must be an integer ≥ 1, got 0');
    expect(bad(16)).not.toThrow();
  });
});

describe('presets', () => {
  it('adapts query and value everywhere like the papers, or the outputs of the last layer', () => {
    const presets = adapterPresets(catalog, 'public');
    expect(resolveAdapterSpec(presets.papers, catalog).targets).toHaveLength(6);
    expect(resolveAdapterSpec(presets.fast, catalog)).toMatchObject({
      rank: 8,
      aInit: 'orthonormal',
      aSeed: 'public',
      targets: block(2).slice(2),
    });
  });

  it('lists the module names of a catalog once', () => {
    expect(moduleNames(catalog)).toHaveLength(4);
  });
});
