import { federatedMethod, meanAggregator, updateNormBound } from '@roundtable/federated';
import { initialWeights } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import type { AdapterReference, FederationSettings } from '@roundtable/protocol';
import { encodeVector } from '@roundtable/quantize';
import type { WeighedUpdate } from './check-frame.ts';

/** The adapter of a federation between two rounds, with the file that clients fetch. */
export interface GlobalAdapter {
  readonly weights: AdapterWeights;
  readonly file: Uint8Array;
  readonly reference: AdapterReference;
}

async function publish(
  weights: AdapterWeights,
  spec: AdapterSpec,
  settings: FederationSettings,
  round: number,
): Promise<GlobalAdapter> {
  const vector = federatedMethod(settings).broadcastVector(weights, spec);
  const { download: encoding, uploadBlockSize } = settings.wire;
  const file = encodeVector(vector, encoding, uploadBlockSize);
  const sha256 = await sha256Hex(file);
  return { weights, file, reference: { sha256, sizeBytes: file.length, encoding, round } };
}

/** The adapter from which round 1 starts. */
export function firstAdapter(
  spec: AdapterSpec,
  settings: FederationSettings,
): Promise<GlobalAdapter> {
  return publish(initialWeights(spec), spec, settings, 0);
}

/** The adapter after a round: the weighted mean of its updates added to the one before. */
export function nextAdapter(
  before: GlobalAdapter,
  updates: readonly WeighedUpdate[],
  spec: AdapterSpec,
  settings: FederationSettings,
  round: number,
): Promise<GlobalAdapter> {
  const method = federatedMethod(settings);
  const length = method.uploadLength(spec);
  const maxAbs = updateNormBound(settings, length);
  const maxTotalWeight = updates.reduce((sum, { weight }) => sum + weight, 0);
  const aggregator = meanAggregator(length, { maxAbs, maxTotalWeight });
  for (const { values, weight } of updates) aggregator.add(values, weight);
  const weights = method.applyRound(before.weights, aggregator.result(), spec, round);
  return publish(weights, spec, settings, round);
}
