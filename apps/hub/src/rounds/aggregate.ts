import {
  largestTotalWeight,
  meanAggregator,
  updateNormBound,
  updateWeight,
} from '@roundtable/federated';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { federatedMethod, learningRateOfRound, uploadFormat } from '@roundtable/methods';
import type { HubState, UploadFormat } from '@roundtable/methods';
import type { AdapterReference, FederationSettings } from '@roundtable/protocol';
import type { BlobStore } from '../storage/blob-store.ts';
import type { FederationRow, UpdateRow } from '../storage/rows.ts';
import { checkUpdate } from './check-update.ts';
import type { FederationDeps } from './federation-deps.ts';
import { l2Norm } from './norm.ts';
import { threadTurn } from './thread-turn.ts';
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

export interface RoundToAggregate {
  readonly round: number;
  /** Numbers of the completed rounds that are in the adapter before this one, rising. */
  readonly completed: readonly number[];
  readonly updates: readonly UpdateRow[];
}

type Files = Pick<FederationDeps, 'store' | 'blobs'>;

/**
 * Averages the updates of a round and stores the adapter that they make. Needs nothing but the disk, so it can be
 * repeated after a crash with the same result, to the byte.
 * @throws if a blob is missing or was changed on disk
 */
export async function aggregateRound(
  files: Files,
  federation: FederationRow,
  { round, completed, updates }: RoundToAggregate,
): Promise<Aggregation> {
  const { settings, spec, adapter } = federation;
  const mean = await meanOf(files.blobs, federation, round, updates);
  const weights = await getWeights(files.blobs, federation.weightsSha256, spec);
  const learningRate = learningRateOfRound(settings.training, completed.length, settings.rounds);
  const state = await federatedMethod(federation).nextState(
    { weights, published: adapter },
    { round, completedRounds: completed.length, learningRate, mean },
    (completedRounds) => weightsAfter(files, federation, completed, completedRounds),
    threadTurn(),
  );
  return { ...(await storeState(files.blobs, settings, state, round)), updateNorm: l2Norm(mean) };
}

/** Reads one update at a time, so memory does not grow with the cohort. */
async function meanOf(
  blobs: BlobStore,
  federation: FederationRow,
  round: number,
  updates: readonly UpdateRow[],
): Promise<Float64Array> {
  const { settings, spec } = federation;
  const format = uploadFormat(settings, spec);
  const aggregator = meanAggregator(format.length, {
    maxAbs: largestValue(settings, format),
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
  return aggregator.result();
}

/** The weights after that many completed rounds, none of which was rolled back. */
async function weightsAfter(
  { store, blobs }: Files,
  { federationId, initialWeightsSha256, spec }: FederationRow,
  completed: readonly number[],
  completedRounds: number,
): Promise<AdapterWeights> {
  const round = completedRounds === 0 ? 0 : completed[completedRounds - 1];
  if (round === undefined) {
    throw new RangeError(
      `completedRounds must be in 0 … ${completed.length}, got ${completedRounds}`,
    );
  }
  const sha256 =
    round === 0 ? initialWeightsSha256 : store.rounds.find(federationId, round)?.weightsSha256;
  if (sha256 == null) throw new Error(`round ${round} has no stored weights`);
  return getWeights(blobs, sha256, spec);
}

/** Bound on every value of an update that passes its checks. */
function largestValue(settings: FederationSettings, format: UploadFormat): number {
  const bound = updateNormBound(settings, format.length);
  if (format.kind === 'blocks') return bound;
  return Math.min(bound, format.grid.maxMagnitude * format.grid.gridStep);
}

/** Why a full cohort's updates could not be summed exactly, or null where they can. */
export function exactSumFault(settings: FederationSettings, spec: AdapterSpec): string | null {
  try {
    const maxTotalWeight = largestTotalWeight(settings);
    const format = uploadFormat(settings, spec);
    const bound = largestValue(settings, format);
    // Integers on a grid need a fixed point at least as fine, or their sum would be rounded.
    const step = format.kind === 'grid' ? format.grid.gridStep : 1;
    meanAggregator(1, { maxAbs: Math.max(1, bound) / step, maxTotalWeight });
    meanAggregator(1, { maxAbs: bound, maxTotalWeight });
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `sums would not be exact: ${error.message}`;
    throw error;
  }
}

/** Writes a state's weights in full precision, and the file that clients fetch. */
export async function storeState(
  blobs: BlobStore,
  { wire: { download: encoding } }: FederationSettings,
  { weights, file }: HubState,
  round: number,
): Promise<StoredAdapter> {
  return {
    weightsSha256: await putWeights(blobs, weights),
    adapter: { sha256: await blobs.put(file), sizeBytes: file.length, encoding, round },
  };
}
