import type { FederationManifest, Welcome } from '@roundtable/protocol';
import { verifySpending } from '@roundtable/receipts';
import type { RoundBudget } from './budget.ts';
import { limitViolations } from './limits.ts';
import type { ParticipantLimits } from './limits.ts';
import type { ParticipantActivity } from './participant-state.ts';
import { isSameAgreement } from './terms.ts';

type Refused = Extract<ParticipantActivity, { kind: 'refused' }>;

const refused = (reason: Refused['reason'], detail: string): Refused => ({
  kind: 'refused',
  reason,
  detail,
});

/**
 * Finds out whether a welcome is to be believed. Its record of what this person has spent goes into the budget; without
 * one that the hub's agreed key has signed, for the same account as ever, nothing is trained.
 */
export class WelcomeExaminer {
  readonly #agreed: FederationManifest;
  readonly #limits: ParticipantLimits;
  readonly #budget: RoundBudget;
  #accountId: string | null = null;

  constructor(agreed: FederationManifest, limits: ParticipantLimits, budget: RoundBudget) {
    this.#agreed = agreed;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Why not, or null. */
  async fault({ manifest, spending }: Welcome): Promise<Refused | null> {
    if (!isSameAgreement(this.#agreed, manifest)) {
      return refused('terms-changed', 'the federation is no longer the one that was agreed to');
    }
    const [violation] = limitViolations(manifest.settings, this.#limits);
    if (violation !== undefined) return refused('limits', violation);
    const { statement } = spending;
    if (!(await verifySpending(spending, this.#agreed.hubPublicKey))) {
      return refused('unverified-record', "the record of spending is not signed by the hub's key");
    }
    this.#accountId ??= statement.accountId;
    if (statement.accountId !== this.#accountId) {
      return refused('unverified-record', 'the record of spending is that of another account');
    }
    this.#budget.setSpending(statement);
    return null;
  }
}
