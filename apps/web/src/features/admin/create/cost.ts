import type { AdapterSpec } from '@roundtable/lora';
import { adapterVariant, parameterCount, resolveAdapterSpec } from '@roundtable/lora';
import { encodeScalarRecord, uploadFormat } from '@roundtable/methods';
import type { FederationSettings } from '@roundtable/protocol';
import { vectorFileByteLength } from '@roundtable/quantize';
import type { HubBaseModel } from './base-models.ts';

/** What the settings cost one participant on the wire. */
export interface Cost {
  /** Numbers of one update. */
  parameters: number;
  bytesUpPerRound: number;
  /** Of each round, those she missed included where a log is replayed. */
  bytesDownPerRound: number;
}

const ANY_DIGEST = '0'.repeat(64);

/** Bytes of one round's record: they depend on the number of scalars alone. */
function recordBytes(scalars: number): number {
  return encodeScalarRecord({
    ...{ round: 1, completedRounds: 0, learningRate: 1, start: null },
    previous: { sha256: ANY_DIGEST, sizeBytes: 1, round: 0 },
    stateSha256: ANY_DIGEST,
    scalars: new Float32Array(scalars),
  }).length;
}

function bytesDown(
  { method, wire }: FederationSettings,
  spec: AdapterSpec,
  scalars: number,
): number {
  if (method === 'zeroth-order' || wire.download === 'scalar-log') return recordBytes(scalars);
  const { broadcastParts } = adapterVariant(method);
  const length = parameterCount(spec, broadcastParts);
  return vectorFileByteLength(length, wire.download, wire.uploadBlockSize);
}

/**
 * The adapter that settings mean on a base model.
 * @throws RangeError naming the module, layer or rank that the base model does not allow
 */
export function specOf({ adapter }: FederationSettings, model: HubBaseModel): AdapterSpec {
  return resolveAdapterSpec(adapter, model.catalog);
}

/** The settings once their σ is known: the integers of a public grid are as wide as the noise asks for. */
export function withNoise(
  settings: FederationSettings,
  noiseMultiplier: number | null,
): FederationSettings {
  const { privacy } = settings;
  if (!privacy || noiseMultiplier === null) return settings;
  return { ...settings, privacy: { ...privacy, noiseMultiplier } };
}

/**
 * The bill of valid settings.
 * @throws RangeError where the settings leave no format
 */
export function costOf(settings: FederationSettings, spec: AdapterSpec): Cost {
  const { length, frameBytes } = uploadFormat(settings, spec);
  return {
    parameters: length,
    bytesUpPerRound: frameBytes,
    bytesDownPerRound: bytesDown(settings, spec, length),
  };
}
