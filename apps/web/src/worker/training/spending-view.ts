import type { BudgetState } from '@roundtable/participant';
import type { SpendingView } from '../messages.ts';

/** A budget as the page shows the person's running totals. */
export function spendingView(budget: BudgetState): SpendingView {
  return {
    federation: budget.epsilon,
    federationBudget: budget.epsilonBudget,
    total: budget.totalEpsilon,
    totalCap: budget.totalEpsilonCap,
    federations: budget.federations,
    roundsFromHub: budget.hubRounds,
    openingRounds: budget.openingRounds,
    isHubRecordVerified: budget.hasHubRecord,
  };
}
