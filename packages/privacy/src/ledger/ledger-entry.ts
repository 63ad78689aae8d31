import type { PrivacyEvent } from '../accounting/event.ts';

/** How a booked round ended; `withheld`: it failed on this device, and its silence counts as a release. */
export type RoundOutcome = 'completed' | 'abandoned' | 'withheld';

/** The releases of one round, written down before anything of them leaves. */
export interface Booking {
  readonly kind: 'booking';
  readonly federationId: string;
  /** Null where it was written before hubs kept accounts: it then counts for every account. */
  readonly accountId: string | null;
  readonly round: number;
  readonly events: readonly PrivacyEvent[];
  /** Generated examples are nobody's: they count towards their own federation only. */
  readonly budgetGroup: 'person' | 'generated';
  /** Which rows were trained on; null where that is not known, and then it may be any. */
  readonly dataSetId: string | null;
}

/** One line of a person's privacy ledger; plain JSON. */
export type LedgerEntry =
  | Booking
  | {
      readonly kind: 'outcome';
      readonly federationId: string;
      readonly round: number;
      readonly outcome: RoundOutcome;
    };
