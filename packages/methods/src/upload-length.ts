import { adapterVariant, parameterCount } from '@roundtable/lora';
import type { AdapterSpec } from '@roundtable/lora';
import type { FederationSettings, ZerothOrderSettings } from '@roundtable/protocol';

/** The settings that only a zeroth-order federation has. */
export function zerothOrderOf({
  zerothOrder,
}: Pick<FederationSettings, 'zerothOrder'>): ZerothOrderSettings {
  if (zerothOrder !== undefined) return zerothOrder;
  throw new RangeError('zerothOrder must be set where method is zeroth-order');
}

/** Values in a client's update: the trained numbers, or one per local step and direction. */
export function uploadLengthOf(settings: FederationSettings, spec: AdapterSpec): number {
  const { method, training } = settings;
  if (method === 'zeroth-order') return training.localSteps * zerothOrderOf(settings).directions;
  return parameterCount(spec, adapterVariant(method).trainedParts);
}
