import type { Ceilings, FederationSettings } from '@roundtable/protocol';

/** The first ceiling of the organization that the settings pass, for a person, or null. */
export function ceilingFault(
  { privacy, cohort }: FederationSettings,
  { maxEpsilon, minCohort, isPrivacyRequired }: Ceilings,
): string | null {
  if (privacy === null && isPrivacyRequired) {
    return 'privacy must not be off: the ceiling requirePrivacy of this hub is true';
  }
  if (privacy !== null && privacy.epsilonBudget > maxEpsilon) {
    return `privacy.epsilonBudget must be ≤ ${maxEpsilon}, the ceiling maxEpsilon of this hub, got ${privacy.epsilonBudget}`;
  }
  if (cohort.minimum < minCohort) {
    return `cohort.minimum must be ≥ ${minCohort}, the ceiling minCohort of this hub, got ${cohort.minimum}`;
  }
  return null;
}
