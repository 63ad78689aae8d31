import { adapterVariant, initialWeights, parameterCount, unflatten } from '@roundtable/lora';
import type { AdapterWeights } from '@roundtable/lora';
import { methodChoiceOf } from '@roundtable/protocol';
import { decodeVector } from '@roundtable/quantize';
import type { BlobStore } from '../storage/blob-store.ts';
import type { FederationRow } from '../storage/rows.ts';

/**
 * What clients hold of the global adapter under FedLPP: the file that they are sent, decoded as they do. Null for the
 * other methods, where clients hold the hub's adapter.
 * @throws if the file is missing or does not fit the federation
 */
export async function clientProxy(
  blobs: BlobStore,
  { settings, spec, adapter }: FederationRow,
): Promise<AdapterWeights | null> {
  if (methodChoiceOf(settings) !== 'fedlpp') return null;
  const file = await blobs.get(adapter.sha256);
  if (file === null)
    throw new Error(`the adapter ${adapter.sha256} is missing from the blob store`);
  const { broadcastParts } = adapterVariant(settings.method);
  const length = parameterCount(spec, broadcastParts);
  const vector = decodeVector(file, adapter.encoding, settings.wire.uploadBlockSize, length);
  return unflatten(spec, vector, broadcastParts, initialWeights(spec));
}
