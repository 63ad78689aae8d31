import { BudgetLedger, epsilonOf } from '@roundtable/privacy';
import type { LedgerStore, PrivacyEvent } from '@roundtable/privacy';
import type { FederationSettings, PrivacySettings } from '@roundtable/protocol';

export interface BudgetState {
  /** ε spent so far, at `delta`. */
  readonly epsilon: number;
  readonly epsilonBudget: number;
  readonly delta: number;
  /** Rounds that were booked and ended without a result, and how many of them are borne. */
  readonly abandonedRounds: number;
  readonly abandonedRoundsAllowed: number;
}

export type BudgetVerdict = 'affordable' | 'budget-spent' | 'abandoned-rounds';

/** The rounds that a budget affords one after the other. */
function affordableRounds(event: PrivacyEvent, { epsilonBudget, delta }: PrivacySettings): number {
  const fits = (rounds: number): boolean =>
    epsilonOf([{ ...event, count: event.count * rounds }], delta) <= epsilonBudget;
  let high = 1;
  while (high < 2 ** 20 && fits(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** That share of the affordable rounds; at least one, or the first lost round would end every short federation. */
function allowedAbandons(event: PrivacyEvent, privacy: PrivacySettings, share: number): number {
  return share === 0 ? 0 : Math.max(1, Math.floor(share * affordableRounds(event, privacy)));
}

/** One contributor's ε in one federation, round by round. Without differential privacy there is nothing to book. */
export class RoundBudget {
  readonly #store: LedgerStore;
  readonly #federationId: string;
  readonly #privacy: PrivacySettings | null;
  readonly #plan: PrivacyEvent | null;
  readonly #ledger: BudgetLedger | null;
  readonly #abandonedAllowed: number;

  constructor(
    store: LedgerStore,
    federationId: string,
    { privacy, training }: FederationSettings,
    abandonedShare: number,
  ) {
    this.#store = store;
    this.#federationId = federationId;
    this.#privacy = privacy;
    this.#plan = privacy && {
      kind: 'gaussian',
      samplingRate: training.samplingRate,
      noiseMultiplier: privacy.noiseMultiplier,
      count: training.localSteps,
      round: 0,
    };
    this.#ledger = privacy && new BudgetLedger(store, { federationId, ...privacy, abandonedShare });
    this.#abandonedAllowed =
      privacy && this.#plan ? allowedAbandons(this.#plan, privacy, abandonedShare) : Infinity;
  }

  /** Whether the releases of this round were booked, in this life or an earlier one. */
  async isBooked(round: number): Promise<boolean> {
    const entries = await this.#store.read(this.#federationId);
    return entries.some((entry) => entry.kind === 'booking' && entry.round === round);
  }

  /** Whether all releases that the round plans still fit. */
  async verdict(): Promise<BudgetVerdict> {
    if (this.#ledger === null || this.#plan === null) return 'affordable';
    if (!(await this.#ledger.canAfford([this.#plan]))) return 'budget-spent';
    const abandoned = await this.#abandonedRounds();
    return abandoned.length > this.#abandonedAllowed ? 'abandoned-rounds' : 'affordable';
  }

  /** @throws where more or less protected releases ran than were planned: nothing may leave then */
  assertPlanned(events: readonly PrivacyEvent[]): void {
    const plan = this.#plan;
    if (plan === null) return;
    const isWeaker = (event: PrivacyEvent): boolean =>
      !(event.noiseMultiplier >= plan.noiseMultiplier && event.samplingRate <= plan.samplingRate);
    const count = events.reduce((sum, event) => sum + event.count, 0);
    if (events.some(isWeaker) || !(count >= 1 && count <= plan.count)) {
      throw new RangeError(`events must be 1 … ${plan.count} releases as agreed, got ${count}`);
    }
  }

  /**
   * Books what ran in the round.
   * @returns ε in total, null without differential privacy
   * @throws where the budget does not hold it: nothing may leave then
   */
  async book(round: number, events: readonly PrivacyEvent[]): Promise<number | null> {
    return this.#ledger === null ? null : this.#ledger.book(round, events);
  }

  /** Notes how a booked round ended; the first word on it counts. */
  async close(round: number, outcome: 'completed' | 'abandoned'): Promise<void> {
    const open = await this.#openRounds();
    if (open.includes(round)) await this.#ledger?.close(round, outcome);
  }

  /**
   * Settles booked rounds before `round` of whose end nobody told us: all were completed where the hub has completed
   * as many rounds as it announced, else they count as abandoned.
   */
  async settleBefore(round: number, completedRounds: number): Promise<void> {
    const outcome = completedRounds >= round - 1 ? 'completed' : 'abandoned';
    for (const open of await this.#openRounds()) {
      if (open < round) await this.#ledger?.close(open, outcome);
    }
  }

  /** ε of these events alone; null without differential privacy. */
  epsilonOf(events: readonly PrivacyEvent[]): number | null {
    return this.#privacy && epsilonOf([...events], this.#privacy.delta);
  }

  /** The state of the budget; null without differential privacy. */
  async state(): Promise<BudgetState | null> {
    if (this.#ledger === null || this.#privacy === null) return null;
    return {
      epsilon: await this.#ledger.spent(),
      epsilonBudget: this.#privacy.epsilonBudget,
      delta: this.#privacy.delta,
      abandonedRounds: (await this.#abandonedRounds()).length,
      abandonedRoundsAllowed: this.#abandonedAllowed,
    };
  }

  async #outcomes(): Promise<Map<number, 'open' | 'completed' | 'abandoned'>> {
    const outcomes = new Map<number, 'open' | 'completed' | 'abandoned'>();
    for (const entry of await this.#store.read(this.#federationId)) {
      outcomes.set(entry.round, entry.kind === 'outcome' ? entry.outcome : 'open');
    }
    return outcomes;
  }

  async #openRounds(): Promise<number[]> {
    return [...(await this.#outcomes())].filter(([, o]) => o === 'open').map(([round]) => round);
  }

  async #abandonedRounds(): Promise<number[]> {
    return [...(await this.#outcomes())]
      .filter(([, outcome]) => outcome === 'abandoned')
      .map(([round]) => round);
  }
}
