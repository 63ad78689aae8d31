import type { Ceilings } from '@roundtable/protocol';
import type { Signer } from '@roundtable/receipts';
import type { HubClock, HubLimits, HubLogger } from '../hub-types.ts';
import type { Outbox } from '../session/ports.ts';
import type { BlobStore } from '../storage/blob-store.ts';
import type { Store } from '../storage/store.ts';
import type { DashboardFeed } from './dashboard-feed.ts';
import type { Evaluator } from './evaluator.ts';
import type { Totals } from './totals.ts';
import type { WriteBehind } from './write-behind.ts';

/** What every federation of a hub shares. */
export interface FederationDeps {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly evaluator: Evaluator;
  readonly clock: HubClock;
  readonly logger: HubLogger;
  readonly limits: HubLimits;
  readonly ceilings: Ceilings;
  /** The hub's own key. */
  readonly signer: Signer;
  readonly feed: DashboardFeed;
  readonly writeBehind: WriteBehind;
  readonly totals: Totals;
  /** The sockets; they exist a moment later than the rounds. */
  readonly outbox: () => Outbox;
}
