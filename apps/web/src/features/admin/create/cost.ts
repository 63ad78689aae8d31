import { adapterVariant, parameterCount, resolveAdapterSpec } from '@roundtable/lora';
import { epsilonOf } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';
import { FRAME_OVERHEAD_BYTES } from '@roundtable/protocol';
import { payloadByteLength, vectorFileByteLength } from '@roundtable/quantize';
import type { HubBaseModel } from './base-models.ts';

/** What the settings cost one participant. */
export interface Cost {
  parameters: number;
  bytesUpPerRound: number;
  bytesDownPerRound: number;
  /** Of one round alone and of all rounds; null without differential privacy. */
  epsilonFirstRound: number | null;
  epsilonTotal: number | null;
}

function epsilonAfter(settings: FederationSettings, rounds: number): number | null {
  const { privacy, training } = settings;
  if (!privacy) return null;
  const { noiseMultiplier, delta } = privacy;
  const { samplingRate, localSteps } = training;
  const count = rounds * localSteps;
  return epsilonOf([{ kind: 'gaussian', samplingRate, noiseMultiplier, count, round: 1 }], delta);
}

/**
 * The bill of valid settings on a base model.
 * @throws RangeError naming the module, layer or rank that the base model does not allow
 */
export function costOf(settings: FederationSettings, model: HubBaseModel): Cost {
  const spec = resolveAdapterSpec(settings.adapter, model.catalog);
  const { trainedParts, broadcastParts } = adapterVariant(settings.method);
  const { uploadBits, uploadBlockSize, download } = settings.wire;
  const parameters = parameterCount(spec, trainedParts);
  const broadcast = parameterCount(spec, broadcastParts);
  return {
    parameters,
    bytesUpPerRound:
      payloadByteLength(parameters, uploadBits, uploadBlockSize) + FRAME_OVERHEAD_BYTES,
    bytesDownPerRound: vectorFileByteLength(broadcast, download, uploadBlockSize),
    epsilonFirstRound: epsilonAfter(settings, 1),
    epsilonTotal: epsilonAfter(settings, settings.rounds),
  };
}
