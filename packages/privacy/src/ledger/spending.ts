import type { PrivacyEvent, ReleaseEvent } from '../accounting/event.ts';
import type { Booking, LedgerEntry } from './ledger-entry.ts';
import { countRoundsBeyond, type RoundRanges } from './round-ranges.ts';

/** What one account has spent in one federation by the hub's record. */
export interface FederationRecord {
  readonly federationId: string;
  readonly release: ReleaseEvent;
  readonly releasesPerRound: number;
  readonly rounds: RoundRanges;
  /** Rounds that count because the person came by an open link and may have come by it before. */
  readonly openingRounds: number;
}

/** The hub's record of one account over all its federations, its signature checked. */
export interface SpendingRecord {
  readonly hubPublicKey: string;
  readonly accountId: string;
  readonly federations: readonly FederationRecord[];
}

/** Whose spending is meant. */
export interface Spender {
  /** Null before the hub has said it: then every account of this device is meant. */
  readonly accountId: string | null;
  /** The data set in use and all that share a row with it. */
  readonly dataSetIds: readonly string[];
  /** Whether the examples in use are generated ones. */
  readonly isGenerated: boolean;
}

/** What counts, and how much of it only the hub's record knows. */
export interface Spending {
  readonly events: readonly PrivacyEvent[];
  /** Rounds under this account that were not booked on this device. */
  readonly hubRounds: number;
  /** Rounds that count because the person may have come by an open link before. */
  readonly openingRounds: number;
}

/** Whether the line was booked under this account, or may have been. */
export function isOfAccount(booking: Booking, accountId: string | null): boolean {
  return accountId === null || booking.accountId === null || booking.accountId === accountId;
}

/** Bookings that cost this spender something: of her account, or on rows that she has before her now. */
export function relevantEntries(
  entries: readonly LedgerEntry[],
  { accountId, dataSetIds }: Pick<Spender, 'accountId' | 'dataSetIds'>,
): Booking[] {
  const sharesRows = ({ dataSetId }: Booking): boolean =>
    dataSetId === null || dataSetIds.includes(dataSetId);
  return entries.filter(
    (entry): entry is Booking =>
      entry.kind === 'booking' && (isOfAccount(entry, accountId) || sharesRows(entry)),
  );
}

/** What one federation contributes. */
interface FederationPart {
  readonly federationId: string;
  readonly bookings: readonly Booking[];
  readonly hubRounds: number;
  readonly openingRounds: number;
  /** The releases of both. */
  readonly recorded: readonly PrivacyEvent[];
}

/**
 * Of the hub's record count those rounds of the account that were not booked here, and of the opening ones as many as
 * exceed the bookings here under other accounts, which are the ones that they stand for.
 */
function partOf(
  federationId: string,
  relevant: readonly Booking[],
  record: SpendingRecord | null,
  { accountId, isGenerated }: Spender,
): FederationPart {
  const bookings = relevant.filter((booking) => booking.federationId === federationId);
  const known = record?.federations.find((each) => each.federationId === federationId);
  if (known === undefined) {
    return { federationId, bookings, hubRounds: 0, openingRounds: 0, recorded: [] };
  }
  const own = bookings.filter((booking) => isOfAccount(booking, accountId));
  const booked = own.map(({ round }) => round);
  const hubRounds = countRoundsBeyond(known.rounds, booked);
  const others = bookings.length - own.length;
  // Opening rounds stand for a person's own examples under another account; generated ones are nobody's.
  const openingRounds = isGenerated ? 0 : Math.max(0, known.openingRounds - others);
  const count = (hubRounds + openingRounds) * known.releasesPerRound;
  const recorded = [{ ...known.release, count, round: 0 }];
  return { federationId, bookings, hubRounds, openingRounds, recorded };
}

function partsOf(
  federationIds: Iterable<string>,
  entries: readonly LedgerEntry[],
  record: SpendingRecord | null,
  spender: Spender,
): FederationPart[] {
  const relevant = relevantEntries(entries, spender);
  return [...federationIds].map((id) => partOf(id, relevant, record, spender));
}

/** Everything that counts towards the federation's budget: what was booked here, and what the hub knows beyond it. */
export function federationSpending(
  federationId: string,
  entries: readonly LedgerEntry[],
  record: SpendingRecord | null,
  spender: Spender,
): Spending {
  const [part] = partsOf([federationId], entries, record, spender) as [FederationPart];
  const { bookings, recorded, hubRounds, openingRounds } = part;
  const events = [...bookings.flatMap((booking) => booking.events), ...recorded];
  return { events, hubRounds, openingRounds };
}

/**
 * The part of a federation's spending that says nothing about rows: what was booked under the account itself, and all that
 * the hub's record holds against it. Bookings of other accounts on shared rows stay out: that rows are shared is private.
 */
export function declaredSpending(
  federationId: string,
  entries: readonly LedgerEntry[],
  record: SpendingRecord | null,
  accountId: string | null,
): readonly PrivacyEvent[] {
  const own = entries.filter((entry) => entry.kind === 'booking' && isOfAccount(entry, accountId));
  const spender = { accountId, dataSetIds: [], isGenerated: false };
  return federationSpending(federationId, own, record, spender).events;
}

/**
 * Everything that counts towards the person's total over all federations of the hub, and how many of them had a part in
 * it. Generated examples count in their own federation only, so for them that one is the total.
 */
export function totalSpending(
  federationId: string,
  entries: readonly LedgerEntry[],
  record: SpendingRecord | null,
  spender: Spender,
): { readonly events: readonly PrivacyEvent[]; readonly federations: number } {
  if (spender.isGenerated) {
    const { events } = federationSpending(federationId, entries, record, spender);
    return { events, federations: events.some(({ count }) => count > 0) ? 1 : 0 };
  }
  const federationIds = new Set([
    ...entries.map((entry) => entry.federationId),
    ...(record?.federations ?? []).map((each) => each.federationId),
  ]);
  const spent = partsOf(federationIds, entries, record, spender)
    .map(({ bookings, recorded }) => [
      ...bookings.filter((b) => b.budgetGroup === 'person').flatMap((b) => b.events),
      ...recorded,
    ])
    .filter((events) => events.some(({ count }) => count > 0));
  return { events: spent.flat(), federations: spent.length };
}
