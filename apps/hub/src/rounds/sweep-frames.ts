import { looksLikeUpdateFrame } from '@roundtable/protocol';
import type { BlobStore } from '../storage/blob-store.ts';
import type { FederationRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { lastingBlobsOf } from './delete-blobs.ts';

/** Frames of rounds that still need them. The rows of closed rounds stay, as a record without bytes. */
function neededFrames(store: Store, { federationId }: FederationRow): string[] {
  return store.rounds
    .list(federationId)
    .filter(({ record }) => record.endedAtMs === null)
    .flatMap(({ record }) => store.updates.listOfRound(federationId, record.round))
    .map(({ sha256 }) => sha256);
}

/**
 * Deletes the update frames that a crash left behind: those that no row names, and those of closed rounds. Only what
 * begins like a frame is deleted, so adapters, weights and evaluation sets stay whatever refers to them. No update
 * may be taken while it runs: a frame is on disk a moment before its row.
 * @returns how many were deleted
 */
export async function sweepFrames(store: Store, blobs: BlobStore): Promise<number> {
  const kept = store.federations
    .list()
    .flatMap((row) => [...lastingBlobsOf(store, row), ...neededFrames(store, row)]);
  const needed = new Set(kept);
  let deleted = 0;
  for (const name of await blobs.list()) {
    if (needed.has(name)) continue;
    const bytes = await blobs.get(name);
    if (bytes === null || !looksLikeUpdateFrame(bytes)) continue;
    await blobs.delete(name);
    deleted += 1;
  }
  return deleted;
}
