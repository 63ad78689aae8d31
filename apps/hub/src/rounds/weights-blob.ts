import { flatten, parameterCount, unflatten } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights } from '@roundtable/lora';
import type { BlobStore } from '../storage/blob-store.ts';

const ALL_PARTS = ['A', 'B'] as const;

/** Stores weights in full precision (little-endian float32, the order of `flatten`); resolves with the blob's name. */
export function putWeights(blobs: BlobStore, weights: AdapterWeights): Promise<string> {
  const flat = flatten(weights, ALL_PARTS);
  const bytes = new Uint8Array(flat.length * 4);
  const view = new DataView(bytes.buffer);
  flat.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return blobs.put(bytes);
}

/** @throws if the blob is missing or does not fit the spec */
export async function getWeights(
  blobs: BlobStore,
  sha256: string,
  spec: AdapterSpec,
): Promise<AdapterWeights> {
  const bytes = await blobs.get(sha256);
  if (bytes === null) throw new Error(`the weights ${sha256} are missing from the blob store`);
  const length = parameterCount(spec, ALL_PARTS);
  if (bytes.length !== 4 * length) {
    throw new Error(`the weights ${sha256} have ${bytes.length} bytes, expected ${4 * length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flat = Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true));
  return unflatten(spec, flat, ALL_PARTS, emptyWeights(spec));
}

function emptyWeights({ rank, targets }: AdapterSpec): AdapterWeights {
  return {
    loraA: targets.map(({ inFeatures }) => new Float32Array(rank * inFeatures)),
    loraB: targets.map(({ outFeatures }) => new Float32Array(rank * outFeatures)),
  };
}
