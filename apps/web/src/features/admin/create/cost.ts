import { adapterVariant, parameterCount, resolveAdapterSpec } from '@roundtable/lora';
import { releaseGrid } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import { payloadByteLength, vectorFileByteLength } from '@roundtable/quantize';
import type { HubBaseModel } from './base-models.ts';

/** What the settings cost one participant on the wire. */
export interface Cost {
  /** Numbers of one update. */
  parameters: number;
  bytesUpPerRound: number;
  bytesDownPerRound: number;
}

/** A client's whole update goes up as integers of its public grid, everything else in blocks. */
function payloadBytes({ privacy, wire }: FederationSettings, length: number): number {
  if (privacy?.privacyUnit !== 'client') {
    return payloadByteLength(length, wire.uploadBits, wire.uploadBlockSize);
  }
  const { clippingNorm, noiseMultiplier } = privacy;
  const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap: 1 });
  return length * grid.bytesPerValue;
}

/**
 * The bill of valid settings on a base model.
 * @throws RangeError naming the module, layer or rank that the base model does not allow
 */
export function costOf(settings: FederationSettings, model: HubBaseModel): Cost {
  const spec = resolveAdapterSpec(settings.adapter, model.catalog);
  const { trainedParts, broadcastParts } = adapterVariant(settings.method);
  const { uploadBlockSize, download } = settings.wire;
  const parameters = parameterCount(spec, trainedParts);
  const broadcast = parameterCount(spec, broadcastParts);
  return {
    parameters,
    bytesUpPerRound: payloadBytes(settings, parameters) + FRAME_OVERHEAD_BYTES,
    bytesDownPerRound: vectorFileByteLength(broadcast, download, uploadBlockSize),
  };
}
