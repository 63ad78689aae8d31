import { requireDelta, requireRange } from '../arguments.ts';
import type { PrivacyEvent } from '../accounting/event.ts';
import { EpsilonMemo, groupEvents } from './epsilon-memo.ts';
import type { Booking, LedgerEntry, RoundOutcome } from './ledger-entry.ts';
import type { LedgerStore } from './ledger-store.ts';
import {
  declaredSpending,
  federationSpending,
  isOfAccount,
  totalSpending,
  type Spender,
  type SpendingRecord,
} from './spending.ts';

/** Which bound stops a booking; `no-record`: the hub's record of the account is not known, so nothing is affordable. */
export type BudgetLimit = 'federation' | 'total' | 'no-record';

/** A booking would take ε beyond a bound, or its cost is not known to be finite. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
  readonly which: BudgetLimit;
  readonly epsilonAfter: number;
  readonly epsilonBudget: number;
  constructor(which: BudgetLimit, epsilonAfter: number, epsilonBudget: number) {
    super(`${which}: epsilon would be ${epsilonAfter}, the budget is ${epsilonBudget}`);
    this.which = which;
    this.epsilonAfter = epsilonAfter;
    this.epsilonBudget = epsilonBudget;
  }
}

/** The round stands in the ledger already: a second release of it may not be hidden behind the first. */
export class RoundBooked extends Error {
  override readonly name = 'RoundBooked';
}

export interface BudgetSettings {
  /** The hub's public key; one ledger holds all its federations. */
  readonly hubId: string;
  readonly federationId: string;
  /** ε > 0 that one unit may ever cost in this federation, at `delta`. */
  readonly epsilonBudget: number;
  readonly delta: number;
  /** ε > 0 that one unit may ever cost over all federations of the hub, at `totalDelta`. */
  readonly totalEpsilonCap: number;
  /** One δ for all federations, so that none makes the total look smaller by a larger δ of its own. */
  readonly totalDelta: number;
  /** The account's record, its signature checked; null until the hub has sent it. */
  readonly hubSpending: SpendingRecord | null;
  /** The data set in use; null where its rows were not fingerprinted. */
  readonly dataSetId: string | null;
  /** Data sets that share a row with it. */
  readonly overlappingDataSetIds: readonly string[];
  readonly isGenerated: boolean;
}

/** ε at the two bounds. */
export interface SpentBudget {
  readonly federation: number;
  readonly total: number;
}

/** {@link SpentBudget} with where it comes from. */
export interface SpendingReport extends SpentBudget {
  /** The releases behind `federation`, equal ones counted together. */
  readonly releases: readonly PrivacyEvent[];
  /** Rounds of this federation under this account that only the hub's record knows. */
  readonly hubRounds: number;
  /** Rounds of this federation that count because the person may have come by an open link before. */
  readonly openingRounds: number;
  /** Federations that have a part in `total`. */
  readonly federations: number;
}

/**
 * One person's privacy budget at one hub, seen from one federation. What is booked stays booked, whatever happens
 * afterwards; what the hub's record knows beyond the bookings counts as well.
 */
export class BudgetLedger {
  readonly #store: LedgerStore;
  readonly #settings: BudgetSettings;
  readonly #spender: Spender;
  readonly #memo: EpsilonMemo;

  /**
   * @param memo to share between ledgers of one person
   * @throws RangeError where a setting is out of range, or the record is another hub's
   */
  constructor(store: LedgerStore, settings: BudgetSettings, memo = new EpsilonMemo()) {
    const { epsilonBudget, totalEpsilonCap, hubSpending, hubId, dataSetId } = settings;
    requireDelta(settings.delta);
    requireDelta(settings.totalDelta);
    requireRange('epsilonBudget', epsilonBudget, epsilonBudget > 0, 'above 0');
    requireRange('totalEpsilonCap', totalEpsilonCap, totalEpsilonCap > 0, 'above 0');
    if (hubSpending !== null && hubSpending.hubPublicKey !== hubId) {
      throw new RangeError('hubSpending must be the record of this hub, got that of another');
    }
    this.#store = store;
    this.#settings = settings;
    this.#memo = memo;
    this.#spender = {
      accountId: hubSpending?.accountId ?? null,
      dataSetIds: [...(dataSetId === null ? [] : [dataSetId]), ...settings.overlappingDataSetIds],
      isGenerated: settings.isGenerated,
    };
  }

  /** What was spent so far. */
  async spent(): Promise<SpendingReport> {
    const { federationId, hubSpending } = this.#settings;
    const entries = await this.#read();
    const given = [federationId, entries, hubSpending, this.#spender] as const;
    const { events, hubRounds, openingRounds } = federationSpending(...given);
    const { federations } = totalSpending(...given);
    const releases = groupEvents(events);
    return { ...this.#epsilonAfter(entries, []), releases, hubRounds, openingRounds, federations };
  }

  /**
   * ε of this federation as the hub may be told it: without bookings that count only because they share rows with the
   * data at hand, which would tell the hub about these rows.
   */
  async declared(): Promise<number> {
    const { federationId, hubSpending, delta } = this.#settings;
    const entries = await this.#read();
    const { accountId } = this.#spender;
    const events = declaredSpending(federationId, entries, hubSpending, accountId);
    return this.#memo.epsilon(events, delta);
  }

  /** The bound that `events` would pass, or null where they fit. An unknown cost never fits. */
  async limitFor(events: readonly PrivacyEvent[]): Promise<BudgetLimit | null> {
    return this.#exceeded(await this.#read(), events)?.which ?? null;
  }

  async canAfford(events: readonly PrivacyEvent[]): Promise<boolean> {
    return (await this.limitFor(events)) === null;
  }

  /**
   * Writes down the events of one round, durably, before anything of them leaves. Of two bookings at once, in this tab
   * or another, the second sees the first.
   * @returns ε spent with them
   * @throws BudgetExceeded or RoundBooked, with nothing written
   */
  async book(round: number, events: readonly PrivacyEvent[]): Promise<SpentBudget> {
    const asked: (SpentBudget | Error)[] = [];
    await this.#store.update(this.#settings.hubId, (entries) => {
      const answer = this.#afterBooking(entries, round, events);
      asked.push(answer);
      return answer instanceof Error ? null : this.#booking(round, events);
    });
    // A store may ask again; its last question is the one that counted.
    const answer = asked.at(-1) ?? new Error('the ledger was not asked');
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /**
   * Notes a round that failed after something of it could have been released: `events` count as spent, within the budget
   * or not, unless the round is booked already.
   */
  async withhold(round: number, events: readonly PrivacyEvent[]): Promise<void> {
    await this.#store.update(this.#settings.hubId, (entries) =>
      this.#isBooked(entries, round) ? null : this.#booking(round, events),
    );
    await this.close(round, 'withheld');
  }

  /** Notes how a booked round ended; the first word on it counts. The round stays booked. */
  async close(round: number, outcome: RoundOutcome): Promise<void> {
    const { hubId, federationId } = this.#settings;
    await this.#store.update(hubId, (entries) =>
      this.#rounds(entries).get(round) === 'open'
        ? { kind: 'outcome', federationId, round, outcome }
        : null,
    );
  }

  /** Rounds of this federation that were booked under this account, and how they ended. */
  async rounds(): Promise<Map<number, RoundOutcome | 'open'>> {
    return this.#rounds(await this.#read());
  }

  #read(): Promise<LedgerEntry[]> {
    return this.#store.read(this.#settings.hubId);
  }

  #booking(round: number, events: readonly PrivacyEvent[]): Booking {
    const { federationId, dataSetId, isGenerated } = this.#settings;
    return {
      kind: 'booking',
      federationId,
      accountId: this.#spender.accountId,
      round,
      events: events.map((event) => ({ ...event, round })),
      budgetGroup: isGenerated ? 'generated' : 'person',
      dataSetId,
    };
  }

  #epsilonAfter(entries: readonly LedgerEntry[], events: readonly PrivacyEvent[]): SpentBudget {
    const { federationId, hubSpending, delta, totalDelta } = this.#settings;
    const given = [federationId, entries, hubSpending, this.#spender] as const;
    const epsilon = (spent: readonly PrivacyEvent[], at: number): number =>
      this.#memo.epsilon([...spent, ...events], at);
    return {
      federation: epsilon(federationSpending(...given).events, delta),
      total: epsilon(totalSpending(...given).events, totalDelta),
    };
  }

  #exceeded(
    entries: readonly LedgerEntry[],
    events: readonly PrivacyEvent[],
  ): BudgetExceeded | null {
    const { epsilonBudget, totalEpsilonCap, hubSpending } = this.#settings;
    const { federation, total } = this.#epsilonAfter(entries, events);
    if (hubSpending === null) return new BudgetExceeded('no-record', federation, epsilonBudget);
    if (!(federation <= epsilonBudget)) {
      return new BudgetExceeded('federation', federation, epsilonBudget);
    }
    if (!(total <= totalEpsilonCap)) return new BudgetExceeded('total', total, totalEpsilonCap);
    return null;
  }

  #afterBooking(
    entries: readonly LedgerEntry[],
    round: number,
    events: readonly PrivacyEvent[],
  ): SpentBudget | Error {
    if (this.#isBooked(entries, round)) return new RoundBooked(`round ${round} is booked already`);
    return this.#exceeded(entries, events) ?? this.#epsilonAfter(entries, events);
  }

  #isBooked(entries: readonly LedgerEntry[], round: number): boolean {
    return this.#rounds(entries).has(round);
  }

  #rounds(entries: readonly LedgerEntry[]): Map<number, RoundOutcome | 'open'> {
    const { federationId } = this.#settings;
    const rounds = new Map<number, RoundOutcome | 'open'>();
    for (const entry of entries) {
      if (entry.federationId !== federationId) continue;
      if (entry.kind === 'outcome') {
        if (rounds.has(entry.round)) rounds.set(entry.round, entry.outcome);
      } else if (isOfAccount(entry, this.#spender.accountId)) rounds.set(entry.round, 'open');
    }
    return rounds;
  }
}
