import { createHash } from 'node:crypto';
import type { BlobStore } from './blob-store.ts';

/** Blobs that live as long as the process, for tests and for hubs without a data folder. */
export function memoryBlobStore(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    put: (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (!blobs.has(sha256)) blobs.set(sha256, new Uint8Array(bytes));
      return Promise.resolve(sha256);
    },
    get: (sha256) => {
      const bytes = blobs.get(sha256);
      return Promise.resolve(bytes ? new Uint8Array(bytes) : null);
    },
    sizeBytes: (sha256) => Promise.resolve(blobs.get(sha256)?.length ?? null),
    delete: (sha256) => {
      blobs.delete(sha256);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...blobs.keys()]),
  };
}
