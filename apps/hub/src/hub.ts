import { DashboardFeed } from './rounds/dashboard-feed.ts';
import { Federations, federationOf } from './rounds/federations.ts';
import { deleteExpired, sweepDaily } from './rounds/retention.ts';
import { Totals } from './rounds/totals.ts';
import { WriteBehind } from './rounds/write-behind.ts';
import { Gateway } from './session/gateway.ts';
import type { Hub, HubOptions } from './hub-types.ts';

/** Puts rounds and sockets together and takes up every stored federation where it stood. */
export function createHub(options: HubOptions): Hub {
  const { store, blobs, clock, authority, limits, logger, ceilings } = options;
  const feed = new DashboardFeed(clock);
  const writeBehind = createWriteBehind(options);
  const totals = new Totals(store, writeBehind);
  const federations = new Federations({
    ...options,
    feed,
    writeBehind,
    totals,
    outbox: () => gateway,
  });
  const gateway: Gateway = new Gateway({ authority, rounds: federations, clock, limits, logger });
  feed.subscribe((event) => {
    gateway.toWatchers(federationOf(event), event);
  });
  federations.resume();
  const stopSweeping = sweepDaily(options, () => sweepOnce(options, federations));
  return {
    store,
    blobs,
    ceilings,
    attach: (server) => {
      gateway.attach(server);
    },
    createFederation: (federation, actor) => federations.create(federation, actor),
    deleteFederation: (federationId, actor) => federations.delete(federationId, actor),
    act: (federationId, action, actor) =>
      Promise.resolve(federations.act(federationId, action, actor)),
    record: (federationId) => federations.record(federationId),
    records: () => federations.records(),
    manifest: (federationId) => federations.manifest(federationId),
    weights: (federationId, round) => federations.weights(federationId, round),
    clientWeights: (federationId) => federations.clientWeights(federationId),
    spending: (federationId, clientId) => federations.spendingOf({ federationId, clientId }),
    countDownload: (federationId, clientId, bytes) => {
      if (clientId !== null) federations.countTraffic(federationId, 0, bytes);
    },
    countRefusal: (federationId, reason) => {
      totals.add(federationId ?? '', 'refusals', reason, 1);
    },
    endSession: (tokenSha256) => {
      gateway.endSession(tokenSha256);
    },
    openSockets: () => gateway.openSockets(),
    subscribe: (listener) => feed.subscribe(listener),
    close: async () => {
      stopSweeping();
      await gateway.close();
      await federations.close();
      feed.close();
      writeBehind.flush();
    },
  };
}

function sweepOnce({ store, clock, retentionDays }: HubOptions, federations: Federations) {
  const time = { nowMs: clock.nowMs(), retentionDays };
  return deleteExpired(store, time, (federationId) => federations.isFinished(federationId));
}

function createWriteBehind({ store, clock, logger }: HubOptions): WriteBehind {
  return new WriteBehind(clock, (work) => {
    try {
      store.transaction(work);
    } catch (error) {
      // Totals and last-seen times are no reason to fall; what has to be kept is stored elsewhere.
      logger.error({ err: error }, 'totals could not be stored');
    }
  });
}
