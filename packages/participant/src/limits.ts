import type { FederationSettings } from '@roundtable/protocol';

/** Bounds that this client keeps whatever a federation asks for. */
export interface ParticipantLimits {
  readonly maxEpsilon: number;
  readonly maxDelta: number;
  readonly minNoiseMultiplier: number;
  readonly maxLocalSteps: number;
  /** Refuse federations without differential privacy. */
  readonly isPrivacyRequired: boolean;
  /** Share, in [0, 1], of the rounds her budget affords that may end without a result before she stops. */
  readonly abandonedShare: number;
  /** Updates leave at multiples of this time after the announcement, so that the time says little about the data. */
  readonly sendSlotMs: number;
}

export const defaultLimits: ParticipantLimits = {
  maxEpsilon: 16,
  maxDelta: 1e-3,
  minNoiseMultiplier: 0.3,
  maxLocalSteps: 1_000,
  isPrivacyRequired: false,
  abandonedShare: 0.25,
  sendSlotMs: 2_000,
};

/** Why this client does not take part under these settings; empty where it does. */
export function limitViolations(
  { privacy, training }: FederationSettings,
  limits: ParticipantLimits,
): string[] {
  const violations: string[] = [];
  const check = (isKept: boolean, sentence: string): void => {
    if (!isKept) violations.push(sentence);
  };
  const { localSteps } = training;
  check(
    localSteps <= limits.maxLocalSteps,
    `localSteps must be ≤ ${limits.maxLocalSteps}, got ${localSteps}`,
  );
  if (privacy === null) {
    check(!limits.isPrivacyRequired, 'privacy must be on, got none');
    return violations;
  }
  const { epsilonBudget, delta, noiseMultiplier } = privacy;
  check(
    epsilonBudget <= limits.maxEpsilon,
    `epsilonBudget must be ≤ ${limits.maxEpsilon}, got ${epsilonBudget}`,
  );
  check(delta <= limits.maxDelta, `delta must be ≤ ${limits.maxDelta}, got ${delta}`);
  check(
    noiseMultiplier >= limits.minNoiseMultiplier,
    `noiseMultiplier must be ≥ ${limits.minNoiseMultiplier}, got ${noiseMultiplier}`,
  );
  return violations;
}
