import type { AdapterChoice, ModuleCatalog } from './spec.ts';

export interface AdapterPresets {
  /** What the papers adapt: query and value of every layer (fused with the key in GPT-2), Kaiming A. */
  papers: AdapterChoice;
  /** What trains fast: output projections of the last layer, orthonormal A, everything before it frozen. */
  fast: AdapterChoice;
}

/** The two ready choices for a base model: rank 8, alpha 8 (arXiv 2403.12313, section 5). */
export function adapterPresets(catalog: ModuleCatalog, aSeed: string): AdapterPresets {
  const shared = { rank: 8, alpha: 8, aSeed };
  return {
    papers: { ...shared, ...catalog.defaults.papers, aInit: 'kaiming' },
    fast: { ...shared, ...catalog.defaults.fast, aInit: 'orthonormal' },
  };
}
