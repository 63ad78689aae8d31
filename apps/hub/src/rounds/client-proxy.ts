import type { AdapterWeights } from '@roundtable/lora';
import { federatedMethod } from '@roundtable/methods';
import { methodChoiceOf } from '@roundtable/protocol';
import type { BlobStore } from '../storage/blob-store.ts';
import type { FederationRow } from '../storage/rows.ts';

/**
 * What clients hold of the global adapter under FedLPP: the file that they are sent, read as they do. Null for the
 * other methods, where clients hold the hub's adapter.
 * @throws if the file is missing or does not fit the federation
 */
export async function clientProxy(
  blobs: BlobStore,
  row: FederationRow,
): Promise<AdapterWeights | null> {
  if (methodChoiceOf(row.settings) !== 'fedlpp') return null;
  const fetchFile = async ({ sha256 }: { readonly sha256: string }): Promise<Uint8Array> => {
    const file = await blobs.get(sha256);
    if (file === null) throw new Error(`the adapter ${sha256} is missing from the blob store`);
    return file;
  };
  const { weights } = await federatedMethod(row).receive(row.adapter, fetchFile, null);
  return weights;
}
