import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { Refusal } from '@roundtable/protocol';
import { refusal } from '@roundtable/protocol';
import { isSameModel } from '../base-model-files.ts';
import type { NewFederation } from '../hub-types.ts';
import type { FederationRow } from '../storage/rows.ts';
import type { FederationDeps } from './federation-deps.ts';
import { getWeights } from './weights-blob.ts';

/**
 * The weights with which a new federation begins in place of fresh ones: the current ones of the federation that it
 * names, whatever its phase. Null where it names none.
 */
export async function startWeights(
  { store, blobs }: Pick<FederationDeps, 'store' | 'blobs'>,
  wanted: NewFederation,
): Promise<AdapterWeights | Refusal | null> {
  if (wanted.startFrom == null) return null;
  const source = store.federations.find(wanted.startFrom);
  if (source === null) {
    return refusal('unknown-federation', 'startFrom names no federation of this hub');
  }
  const fault = mismatchOf(wanted, source);
  if (fault !== null) return refusal('invalid-settings', fault);
  return getWeights(blobs, source.weightsSha256, source.spec);
}

/** Why the source's adapter does not fit, or null. */
function mismatchOf({ baseModel, spec }: NewFederation, source: FederationRow): string | null {
  if (baseModel.id !== source.baseModel.id) {
    return `startFrom: baseModelId must be "${source.baseModel.id}", got "${baseModel.id}"`;
  }
  if (!isSameModel(baseModel, source.baseModel)) {
    return `startFrom: the files of base model ${baseModel.id} have changed since then`;
  }
  const [wanted, given] = [shapeOf(spec), shapeOf(source.spec)];
  const differing = Object.keys(given).find((name) => wanted[name] !== given[name]);
  if (differing === undefined) return null;
  return `startFrom: adapter.${differing} must be ${given[differing]}, got ${wanted[differing]}`;
}

/** What two adapters must share for the weights of one to be those of the other, each as a text. */
function shapeOf({ rank, alpha, aInit, aSeed, targets }: AdapterSpec): Record<string, string> {
  const modules = targets.map(({ module }) => module).join(', ');
  return { rank: `${rank}`, alpha: `${alpha}`, aInit, aSeed: `"${aSeed}"`, modules };
}
