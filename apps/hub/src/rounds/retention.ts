import type { HubClock, HubLogger } from '../hub-types.ts';
import type { Store } from '../storage/store.ts';

const DAY_MS = 86_400_000;

export interface Expired {
  readonly receipts: number;
  readonly consents: number;
  readonly auditLines: number;
}

/** When a federation was last heard of: its youngest line, consent, receipt or round. */
function lastHeardOf(store: Store, federationId: string, lastLineMs: number): number {
  return [
    ...store.consents.list(federationId).map(({ atMs }) => atMs),
    ...store.receipts.list(federationId).map(({ acceptedAtMs }) => acceptedAtMs),
    ...store.rounds.list(federationId).map(({ record }) => record.endedAtMs ?? record.startedAtMs),
  ].reduce((latest, atMs) => Math.max(latest, atMs), lastLineMs);
}

/**
 * Deletes receipts, consents and audit lines of federations that ended, or were deleted, and have not been heard of for
 * `retentionDays`. Spending stays for good: it guards budgets. Update frames are gone with their round.
 * @param isFinished whether no further round of that federation can come
 */
export function deleteExpired(
  store: Store,
  { nowMs, retentionDays }: { readonly nowMs: number; readonly retentionDays: number },
  isFinished: (federationId: string) => boolean,
): Expired {
  const endMs = nowMs - retentionDays * DAY_MS;
  return store.transaction(() => {
    const expired = { receipts: 0, consents: 0, auditLines: 0 };
    for (const { federationId, atMs } of store.audit.lastLines()) {
      if (!isFinished(federationId) || lastHeardOf(store, federationId, atMs) >= endMs) continue;
      expired.receipts += store.receipts.deleteOfFederation(federationId);
      expired.consents += store.consents.deleteOfFederation(federationId);
      expired.auditLines += store.audit.deleteOfFederation(federationId);
    }
    return expired;
  });
}

/** Sweeps now and once a day; returns the way to stop. */
export function sweepDaily(
  { clock, logger }: { readonly clock: HubClock; readonly logger: HubLogger },
  sweep: () => Expired,
): () => void {
  let cancel: () => void = () => undefined;
  const run = (): void => {
    cancel = clock.schedule(DAY_MS, run);
    try {
      const expired = sweep();
      const isWorthALine = Object.values(expired).some((count) => count > 0);
      if (isWorthALine) logger.info(expired, 'deleted records whose retention time is over');
    } catch (error) {
      logger.error({ err: error }, 'records could not be deleted; tried again tomorrow');
    }
  };
  run();
  return () => {
    cancel();
  };
}
