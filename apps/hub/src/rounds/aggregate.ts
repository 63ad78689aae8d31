import {
  federatedMethod,
  largestTotalWeight,
  meanAggregator,
  updateNormBound,
  updateWeight,
} from '@roundtable/federated';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';

import type { AdapterReference, FederationSettings } from '@roundtable/protocol';
import { encodeVector } from '@roundtable/quantize';
import type { BlobStore } from '../storage/blob-store.ts';
import type { FederationRow, UpdateRow } from '../storage/rows.ts';
import { checkUpdate } from './check-update.ts';
import { l2Norm } from './norm.ts';
import { gridStepOf } from './upload-format.ts';
import { getWeights, putWeights } from './weights-blob.ts';

/** An adapter whose files are on disk. */
export interface StoredAdapter {
  readonly weightsSha256: string;
  readonly adapter: AdapterReference;
}

export interface Aggregation extends StoredAdapter {
  /** L2 norm of the mean update. */
  readonly updateNorm: number;
}

/**
 * Averages the updates of a round and stores the adapter that they make. Reads one update at a time, so memory does
 * not grow with the cohort; needs nothing but the disk, so it can be repeated after a crash with the same result.
 * @throws if a blob is missing or was changed on disk
 */
export async function aggregateRound(
  blobs: BlobStore,
  federation: FederationRow,
  round: number,
  updates: readonly UpdateRow[],
): Promise<Aggregation> {
  const { settings, spec, parameterCount } = federation;
  const aggregator = meanAggregator(parameterCount, {
    maxAbs: updateNormBound(settings, parameterCount),
    // Not the cap times the number of updates: the smaller the bound, the finer the fixed point.
    maxTotalWeight: updates.reduce((sum, row) => sum + updateWeight(row.sampleCount), 0),
  });
  for (const update of updates) {
    const frame = await blobs.get(update.sha256);
    if (frame === null) throw new Error(`the update ${update.sha256} is missing from the disk`);
    const checked = await checkUpdate(federation, update.clientId, round, frame);
    if (!checked.ok) throw new Error(`the update ${update.sha256}: ${checked.detail}`);
    aggregator.add(checked.values, updateWeight(checked.sampleCount));
  }
  const mean = aggregator.result();
  const before = await getWeights(blobs, federation.weightsSha256, spec);
  const after = federatedMethod(settings).applyRound(before, mean, spec, round);
  const stored = await storeAdapter(blobs, settings, spec, after, round);
  return { ...stored, updateNorm: l2Norm(mean) };
}

/** Why a full cohort's updates could not be summed exactly, or null where they can. */
export function exactSumFault(settings: FederationSettings, parameterCount: number): string | null {
  try {
    const maxTotalWeight = largestTotalWeight(settings);
    const bound = updateNormBound(settings, parameterCount);
    // Integers on a grid need a fixed point at least as fine, or their sum would be rounded.
    const maxAbs = Math.max(1, bound) / gridStepOf(settings, parameterCount);
    meanAggregator(1, { maxAbs, maxTotalWeight });
    meanAggregator(1, { maxAbs: bound, maxTotalWeight });
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `sums would not be exact: ${error.message}`;
    throw error;
  }
}

/** Writes weights in full precision and as the file that clients fetch. */
export async function storeAdapter(
  blobs: BlobStore,
  settings: FederationSettings,
  spec: AdapterSpec,
  weights: AdapterWeights,
  round: number,
): Promise<StoredAdapter> {
  const { download: encoding, uploadBlockSize } = settings.wire;
  const vector = federatedMethod(settings).broadcastVector(weights, spec);
  const file = encodeVector(vector, encoding, uploadBlockSize);
  return {
    weightsSha256: await putWeights(blobs, weights),
    adapter: { sha256: await blobs.put(file), sizeBytes: file.length, encoding, round },
  };
}
