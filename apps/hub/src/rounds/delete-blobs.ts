import type { FederationRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { FederationDeps } from './federation-deps.ts';

/** Blobs that a federation keeps for good: adapters, weights and the evaluation set. */
export function lastingBlobsOf(store: Store, row: FederationRow): string[] {
  const rounds = store.rounds.list(row.federationId);
  const names = [
    row.adapter.sha256,
    row.weightsSha256,
    row.initialAdapter.sha256,
    row.initialWeightsSha256,
    row.evaluationSha256,
    ...rounds.flatMap(({ record, weightsSha256 }) => [record.adapter?.sha256, weightsSha256]),
  ];
  return names.filter((name) => name != null);
}

function blobsOf(store: Store, row: FederationRow): Set<string> {
  const frames = store.rounds
    .list(row.federationId)
    .flatMap(({ record }) => store.updates.listOfRound(row.federationId, record.round))
    .map(({ sha256 }) => sha256);
  return new Set([...lastingBlobsOf(store, row), ...frames]);
}

/**
 * Lists the blobs that only this federation uses, while its rows still exist; the returned function deletes them
 * once the rows are gone. Two federations with the same start share files.
 */
export function deleteBlobsOf(
  { store, blobs }: Pick<FederationDeps, 'store' | 'blobs'>,
  row: FederationRow,
): () => Promise<void> {
  const own = blobsOf(store, row);
  for (const other of store.federations.list()) {
    if (other.federationId === row.federationId) continue;
    for (const name of blobsOf(store, other)) own.delete(name);
  }
  return async () => {
    for (const name of own) await blobs.delete(name);
  };
}
