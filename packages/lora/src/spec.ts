/** One linear layer that carries an adapter. */
export interface AdapterTarget {
  /** Full path as PEFT sees it, for example `model.layers.3.self_attn.o_proj`. */
  module: string;
  inFeatures: number;
  outFeatures: number;
  /** Block the module belongs to, from 0. */
  layer: number;
}

/** Everything that fixes an adapter's shape and its first A; equal on hub and clients. */
export interface AdapterSpec {
  rank: number;
  alpha: number;
  aInit: AInit;
  /** Public text from which A is expanded; empty where a file does not say. */
  aSeed: string;
  /** Order of the flat vector. */
  targets: AdapterTarget[];
  /** True where the base model stores these weights [in, out] (GPT-2's Conv1D). */
  fanInFanOut: boolean;
}
export type AInit = 'orthonormal' | 'kaiming';

/** Which modules of which layers: module names are trailing path parts, layers count from 0 (−1 is the last). */
export interface ModuleChoice {
  modules: string[];
  layers: 'all' | number[];
}

/** The adaptable modules of one base model. */
export interface ModuleCatalog {
  modules: AdapterTarget[];
  layers: number;
  fanInFanOut: boolean;
  defaults: { papers: ModuleChoice; fast: ModuleChoice };
}

/** What an admin decides about an adapter. */
export interface AdapterChoice extends ModuleChoice {
  rank: number;
  alpha: number;
  aInit: AInit;
  aSeed: string;
}

/** The factor before B·A: alpha / rank. */
export function adapterScaling(spec: Pick<AdapterSpec, 'alpha' | 'rank'>): number {
  return spec.alpha / spec.rank;
}

/**
 * The targets that `choice` means in a base model, in the catalog's order.
 * @throws RangeError naming the module or layer that the model does not have, or a rank above a target's input size
 */
export function resolveAdapterSpec(
  choice: Readonly<Omit<AdapterChoice, 'modules'>> & { readonly modules: readonly string[] },
  catalog: ModuleCatalog,
): AdapterSpec {
  const layers = resolveLayers(choice.layers, catalog.layers);
  for (const name of choice.modules) {
    if (!catalog.modules.some((target) => isNamed(target, name))) {
      throw new RangeError(
        `adapter.modules: ${name} is not in this base model, which has ${moduleNames(catalog).join(', ')}`,
      );
    }
  }
  const targets = catalog.modules.filter(
    (target) => layers.has(target.layer) && choice.modules.some((name) => isNamed(target, name)),
  );
  if (targets.length === 0) {
    throw new RangeError('adapter.modules and adapter.layers leave no module to adapt');
  }
  const { rank, alpha, aInit, aSeed } = choice;
  const spec = { rank, alpha, aInit, aSeed, targets, fanInFanOut: catalog.fanInFanOut };
  checkRank(spec);
  return spec;
}

/**
 * Refuses a rank for which A cannot have independent rows.
 * @throws RangeError if rank is no integer ≥ 1 or exceeds the input size of a target
 */
export function checkRank({ rank, targets }: AdapterSpec): void {
  if (!Number.isInteger(rank) || rank < 1) {
    throw new RangeError(`adapter.rank must be an integer ≥ 1, got ${rank}`);
  }
  for (const { module, inFeatures } of targets) {
    if (rank > inFeatures) {
      throw new RangeError(
        `adapter.rank must be ≤ ${inFeatures}, the input size of ${module}, got ${rank}`,
      );
    }
  }
}

function isNamed(target: AdapterTarget, name: string): boolean {
  return target.module === name || target.module.endsWith(`.${name}`);
}

function resolveLayers(chosen: 'all' | readonly number[], count: number): Set<number> {
  if (chosen === 'all') return new Set(Array.from({ length: count }, (_, layer) => layer));
  return new Set(
    chosen.map((layer) => {
      const resolved = layer < 0 ? count + layer : layer;
      if (!Number.isInteger(resolved) || resolved < 0 || resolved >= count) {
        throw new RangeError(
          `adapter.layers: ${layer} is outside −${count} … ${count - 1}, this base model has ${count} layers`,
        );
      }
      return resolved;
    }),
  );
}

/** The names by which a catalog's modules can be chosen: what follows the layer number in their paths. */
export function moduleNames(catalog: ModuleCatalog): string[] {
  return [...new Set(catalog.modules.map(pathInLayer))];
}

/** The part of a target's path after its layer number; the whole path where there is none. */
export function pathInLayer({ module, layer }: AdapterTarget): string {
  const marker = `.${layer}.`;
  const at = module.indexOf(marker);
  return at < 0 ? module : module.slice(at + marker.length);
}
