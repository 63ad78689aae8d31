import { epsilonOf } from '../accounting/accountant.ts';
import { requireDelta, requireRange } from '../arguments.ts';
import type { PrivacyEvent } from '../accounting/event.ts';
import type { LedgerEntry, LedgerStore } from './ledger-store.ts';

/** A booking would take ε beyond the budget, or its cost is not known to be finite. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
  readonly epsilonAfter: number;
  readonly epsilonBudget: number;
  constructor(epsilonAfter: number, epsilonBudget: number) {
    super(`epsilon would be ${epsilonAfter}, the budget is ${epsilonBudget}`);
    this.epsilonAfter = epsilonAfter;
    this.epsilonBudget = epsilonBudget;
  }
}

export interface BudgetSettings {
  readonly federationId: string;
  /** ε > 0 that one example may ever cost in this federation. */
  readonly epsilonBudget: number;
  readonly delta: number;
  /** Share of the budget, in [0, 1], that rounds without a result may cost before the contributor stops. */
  readonly abandonedShare: number;
}

function bookedEvents(entries: readonly LedgerEntry[]): PrivacyEvent[] {
  return entries.flatMap((entry) => (entry.kind === 'booking' ? entry.events : []));
}

/** Events of rounds whose last known outcome is that the hub gave them up. */
function abandonedEvents(entries: readonly LedgerEntry[]): PrivacyEvent[] {
  const outcomes = new Map<number, string>();
  for (const entry of entries) {
    if (entry.kind === 'outcome') outcomes.set(entry.round, entry.outcome);
  }
  return bookedEvents(entries).filter((event) => outcomes.get(event.round) === 'abandoned');
}

/** One contributor's privacy budget in one federation. What is booked stays booked, whatever happens afterwards. */
export class BudgetLedger {
  readonly #store: LedgerStore;
  readonly #settings: BudgetSettings;
  #lastBooking: Promise<unknown> = Promise.resolve();

  constructor(store: LedgerStore, settings: BudgetSettings) {
    const { epsilonBudget, delta, abandonedShare } = settings;
    requireDelta(delta);
    requireRange('epsilonBudget', epsilonBudget, epsilonBudget > 0, 'above 0');
    const isShare = abandonedShare >= 0 && abandonedShare <= 1;
    requireRange('abandonedShare', abandonedShare, isShare, 'in [0, 1]');
    this.#store = store;
    this.#settings = settings;
  }

  /** ε spent so far at the federation's δ. */
  async spent(): Promise<number> {
    return this.epsilonAfter([]);
  }

  /** ε that would be spent after `events` as well. */
  async epsilonAfter(events: readonly PrivacyEvent[]): Promise<number> {
    const entries = await this.#read();
    return epsilonOf([...bookedEvents(entries), ...events], this.#settings.delta);
  }

  /** Whether `events` still fit into the budget. An unknown cost never does. */
  async canAfford(events: readonly PrivacyEvent[]): Promise<boolean> {
    return (await this.epsilonAfter(events)) <= this.#settings.epsilonBudget;
  }

  /**
   * Writes down the events of one round, durably, before anything of them leaves.
   * @returns ε spent with them
   * @throws BudgetExceeded, with nothing written, where they do not fit
   */
  book(round: number, events: readonly PrivacyEvent[]): Promise<number> {
    const booking = this.#lastBooking.then(async () => {
      const epsilonAfter = await this.epsilonAfter(events);
      if (!(epsilonAfter <= this.#settings.epsilonBudget)) {
        throw new BudgetExceeded(epsilonAfter, this.#settings.epsilonBudget);
      }
      const stamped = events.map((event) => ({ ...event, round }));
      await this.#store.append(this.#key, { kind: 'booking', round, events: stamped });
      return epsilonAfter;
    });
    // A refused booking must not refuse the ones after it.
    this.#lastBooking = booking.catch(() => undefined);
    return booking;
  }

  /** Notes how a booked round ended; an abandoned round stays booked. */
  async close(round: number, outcome: 'completed' | 'abandoned'): Promise<void> {
    await this.#store.append(this.#key, { kind: 'outcome', round, outcome });
  }

  /** ε that the abandoned rounds alone cost. */
  async spentOnAbandoned(): Promise<number> {
    return epsilonOf(abandonedEvents(await this.#read()), this.#settings.delta);
  }

  /** Whether abandoned rounds have cost more than their share of the budget. */
  async isAbandonedShareSpent(): Promise<boolean> {
    const { abandonedShare, epsilonBudget } = this.#settings;
    return (await this.spentOnAbandoned()) > abandonedShare * epsilonBudget;
  }

  get #key(): string {
    return this.#settings.federationId;
  }

  #read(): Promise<LedgerEntry[]> {
    return this.#store.read(this.#key);
  }
}
