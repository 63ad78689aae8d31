import type { AdapterSpec } from '@roundtable/lora';
import { hasLinearUpload, plannedRound } from '@roundtable/methods';
import { broadcastRelease, BudgetLedger, EpsilonMemo } from '@roundtable/privacy';
import type {
  BroadcastProof,
  LedgerStore,
  PlannedRelease,
  PrivacyEvent,
  RoundOutcome,
} from '@roundtable/privacy';
import type { FederationManifest, PrivacySettings, SpendingStatement } from '@roundtable/protocol';
import { allowedAbandons } from './abandoned-rounds.ts';
import type { ParticipantLimits } from './limits.ts';

export interface BudgetState {
  /** ε spent in this federation so far, at `delta`: against the hub, and against those who see only the shared adapter. */
  readonly epsilon: number;
  readonly epsilonBroadcast: number;
  /** Why the second is smaller, or why it is not. */
  readonly broadcastProof: BroadcastProof;
  readonly epsilonBudget: number;
  readonly delta: number;
  /** ε over all federations of this hub that count together, the bound of this client, and how many they are. */
  readonly totalEpsilon: number;
  readonly totalEpsilonCap: number;
  readonly federations: number;
  /** Rounds of this federation that only the hub's record holds, and those of an open link's earlier guests. */
  readonly hubRounds: number;
  readonly openingRounds: number;
  /** Without the hub's verified record nothing is affordable. */
  readonly hasHubRecord: boolean;
  /** Rounds that were booked and ended without a result, and how many of them are borne. */
  readonly abandonedRounds: number;
  readonly abandonedRoundsAllowed: number;
}

export type BudgetVerdict = 'affordable' | 'budget-spent' | 'total-budget' | 'abandoned-rounds';

/** Which examples a participant trains on, as her ledger tells them apart. */
export interface DataIdentity {
  /** Null where the rows were not fingerprinted; they may then be any. */
  readonly dataSetId: string | null;
  /** Data sets of this device that share a row with it. */
  readonly overlappingDataSetIds: readonly string[];
  /** Made up by this program: they count towards their own federation only. */
  readonly isGenerated: boolean;
}

export interface BudgetOptions {
  readonly store: LedgerStore;
  readonly manifest: FederationManifest;
  readonly spec: AdapterSpec;
  readonly limits: ParticipantLimits;
  readonly data: DataIdentity | null;
}

const unknownData: DataIdentity = {
  dataSetId: null,
  overlappingDataSetIds: [],
  isGenerated: false,
};

/** What the protected side of a budget needs; without differential privacy there is none of it. */
interface Protected {
  readonly privacy: PrivacySettings;
  readonly planned: PlannedRelease;
  /** The same as one event of the ledger. */
  readonly event: PrivacyEvent;
  readonly abandonedAllowed: number;
}

function protectedSide({ manifest, spec, limits }: BudgetOptions): Protected | null {
  const { privacy } = manifest.settings;
  const planned = plannedRound(manifest.settings, spec);
  if (privacy === null || planned === null) return null;
  const event = { ...planned.event, count: planned.count, round: 0 };
  const abandonedAllowed = allowedAbandons(event, privacy, limits.abandonedShare);
  return { privacy, planned, event, abandonedAllowed };
}

/** One contributor's ε in one federation, round by round. Without differential privacy there is nothing to book. */
export class RoundBudget {
  readonly #options: BudgetOptions;
  readonly #protected: Protected | null;
  readonly #memo = new EpsilonMemo();
  #spending: SpendingStatement | null = null;
  #ledger: BudgetLedger | null;

  /** @throws RangeError where the settings have no release that can be made */
  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#protected = protectedSide(options);
    this.#ledger = this.#openLedger();
  }

  /** What a round of this federation releases; null without differential privacy. */
  get planned(): PlannedRelease | null {
    return this.#protected?.planned ?? null;
  }

  /**
   * Goes on from the hub's record of this person, whose signature was verified. Until then nothing is affordable.
   * @throws RangeError where it is another hub's
   */
  setSpending(statement: SpendingStatement): void {
    const { hubPublicKey } = this.#options.manifest;
    if (statement.hubPublicKey !== hubPublicKey) {
      throw new RangeError('statement must be of the hub that was agreed to, got that of another');
    }
    this.#spending = statement;
    this.#ledger = this.#openLedger();
  }

  /** Whether the releases of this round were booked, in this life or an earlier one. */
  async isBooked(round: number): Promise<boolean> {
    return (await this.#rounds()).has(round);
  }

  /** Whether all releases that the round plans still fit. */
  async verdict(): Promise<BudgetVerdict> {
    if (this.#ledger === null || this.#protected === null) return 'affordable';
    const limit = await this.#ledger.limitFor([this.#protected.event]);
    // Without the hub's record nothing is affordable either.
    if (limit !== null) return limit === 'total' ? 'total-budget' : 'budget-spent';
    const abandoned = await this.#roundsThat((outcome) => outcome === 'abandoned');
    return abandoned.length > this.#protected.abandonedAllowed ? 'abandoned-rounds' : 'affordable';
  }

  /** @throws where more or less protected releases ran than were planned: nothing may leave then */
  assertPlanned(events: readonly PrivacyEvent[]): void {
    if (this.#protected === null) return;
    const { event: planned } = this.#protected;
    const failureOf = (event: PrivacyEvent): number =>
      Math.max(event.roundingFailure ?? 0, event.samplerFailure ?? 0);
    const isAsAgreed = (event: PrivacyEvent): boolean =>
      event.kind === planned.kind &&
      event.noiseMultiplier >= planned.noiseMultiplier &&
      event.samplingRate <= planned.samplingRate &&
      failureOf(event) <= failureOf(planned);
    const count = events.reduce((sum, event) => sum + event.count, 0);
    if (!events.every(isAsAgreed) || !(count >= 1 && count <= planned.count)) {
      throw new RangeError(`events must be 1 … ${planned.count} releases as agreed, got ${count}`);
    }
  }

  /**
   * Books what ran in the round.
   * @returns ε of this federation in total, null without differential privacy
   * @throws where a budget does not hold it or the round is booked: nothing may leave then
   */
  async book(round: number, events: readonly PrivacyEvent[]): Promise<number | null> {
    return this.#ledger === null ? null : (await this.#ledger.book(round, events)).federation;
  }

  /**
   * Counts the round's planned releases as spent because it failed after some of them could have run.
   * @returns ε of this federation in total, null without differential privacy
   */
  async withhold(round: number): Promise<number | null> {
    if (this.#ledger === null || this.#protected === null) return null;
    await this.#ledger.withhold(round, [this.#protected.event]);
    return (await this.#ledger.spent()).federation;
  }

  /** Notes how a booked round ended; the first word on it counts. */
  async close(round: number, outcome: 'completed' | 'abandoned'): Promise<void> {
    await this.#ledger?.close(round, outcome);
  }

  /**
   * Settles booked rounds before `round` of whose end nobody told us: all were completed where the hub has completed
   * as many rounds as it announced, else they count as abandoned.
   */
  async settleBefore(round: number, completedRounds: number): Promise<void> {
    const outcome = completedRounds >= round - 1 ? 'completed' : 'abandoned';
    const open = await this.#roundsThat((known) => known === 'open');
    for (const each of open.filter((known) => known < round)) await this.close(each, outcome);
  }

  /** ε of this federation so far as a receipt states it, whatever rows it was for; null without differential privacy. */
  async declaredEpsilon(): Promise<number | null> {
    return this.#ledger === null ? null : this.#ledger.declared();
  }

  /** ε of these events alone; null without differential privacy. */
  epsilonOf(events: readonly PrivacyEvent[]): number | null {
    return this.#protected && this.#memo.epsilon(events, this.#protected.privacy.delta);
  }

  /** The same against those who see only the shared adapter: smaller only where that is proven. */
  broadcastEpsilonOf(events: readonly PrivacyEvent[]): number | null {
    if (this.#protected === null) return null;
    const { proof } = this.#broadcast(this.#protected.planned);
    if (proof !== 'proven') return this.epsilonOf(events);
    const seen = events.map((event) => {
      const { count, round, ...release } = event;
      return { ...this.#broadcast({ event: release, count: 1 }).event, count, round };
    });
    return this.epsilonOf(seen);
  }

  /** The state of the budget; null without differential privacy. */
  async state(): Promise<BudgetState | null> {
    if (this.#ledger === null || this.#protected === null) return null;
    const { privacy, planned, abandonedAllowed } = this.#protected;
    const { federation, total, releases, ...counts } = await this.#ledger.spent();
    const abandoned = await this.#roundsThat((outcome) => outcome === 'abandoned');
    return {
      ...counts,
      epsilon: federation,
      epsilonBroadcast: this.broadcastEpsilonOf(releases) ?? federation,
      broadcastProof: this.#broadcast(planned).proof,
      epsilonBudget: privacy.epsilonBudget,
      delta: privacy.delta,
      totalEpsilon: total,
      totalEpsilonCap: this.#options.limits.largestTotalEpsilon,
      hasHubRecord: this.#spending !== null,
      abandonedRounds: abandoned.length,
      abandonedRoundsAllowed: abandonedAllowed,
    };
  }

  #openLedger(): BudgetLedger | null {
    const { store, manifest, limits, data } = this.#options;
    if (this.#protected === null) return null;
    const { epsilonBudget, delta } = this.#protected.privacy;
    const settings = {
      ...(data ?? unknownData),
      hubId: manifest.hubPublicKey,
      federationId: manifest.federationId,
      epsilonBudget,
      delta,
      totalEpsilonCap: limits.largestTotalEpsilon,
      totalDelta: limits.totalDelta,
      hubSpending: this.#spending,
    };
    return new BudgetLedger(store, settings, this.#memo);
  }

  #broadcast(planned: PlannedRelease): ReturnType<typeof broadcastRelease> {
    const { settings } = this.#options.manifest;
    return broadcastRelease({
      planned,
      hasLinearUpload: hasLinearUpload(settings),
      minimumClients: settings.cohort.minimum,
    });
  }

  async #rounds(): Promise<Map<number, RoundOutcome | 'open'>> {
    return (await this.#ledger?.rounds()) ?? new Map<number, RoundOutcome | 'open'>();
  }

  async #roundsThat(ended: (outcome: RoundOutcome | 'open') => boolean): Promise<number[]> {
    const rounds = [...(await this.#rounds())];
    return rounds.filter(([, outcome]) => ended(outcome)).map(([round]) => round);
  }
}
