import type { FederationSettings } from '@roundtable/protocol';

/**
 * Bounds compiled into the client and shown with the consent. No setting of a hub passes them: a federation that asks for
 * more is refused before anything is trained.
 */
export const hardCaps = Object.freeze({
  /** ε of one federation. */
  largestEpsilon: 16,
  /** ε over all federations of one hub for one person, at {@link hardCaps.totalDelta}. */
  largestTotalEpsilon: 32,
  totalDelta: 1e-5,
  largestDelta: 1e-4,
  smallestNoiseMultiplier: 0.3,
  /** Local steps of one round. */
  mostLocalSteps: 500,
  /** Differences that a round of the zeroth order sends, local steps × directions: two forward passes go into each. */
  mostScalars: 16_384,
  mostRounds: 2_000,
});

/** Bounds that this client keeps whatever a federation asks for. */
export interface ParticipantLimits extends Readonly<Record<keyof typeof hardCaps, number>> {
  /** Refuse federations without differential privacy. */
  readonly isPrivacyRequired: boolean;
  /** Share, in [0, 1], of the rounds her budget affords that may end without a result before she stops. */
  readonly abandonedShare: number;
  /** Updates leave at multiples of this time after the announcement, so that the time says little about the data. */
  readonly sendSlotMs: number;
}

export const defaultLimits: ParticipantLimits = {
  ...hardCaps,
  isPrivacyRequired: false,
  abandonedShare: 0.25,
  sendSlotMs: 2_000,
};

type Check = readonly [name: string, value: number, sign: '≤' | '≥', bound: number];

/** Why this client does not take part under these settings; empty where it does. */
export function limitViolations(
  { privacy, training, rounds, zerothOrder }: FederationSettings,
  limits: ParticipantLimits,
): string[] {
  const checks: Check[] = [
    ['localSteps', training.localSteps, '≤', limits.mostLocalSteps],
    ['rounds', rounds, '≤', limits.mostRounds],
  ];
  if (zerothOrder !== undefined) {
    const scalars = training.localSteps * zerothOrder.directions;
    checks.push(['localSteps · directions', scalars, '≤', limits.mostScalars]);
  }
  if (privacy !== null) {
    checks.push(
      ['epsilonBudget', privacy.epsilonBudget, '≤', limits.largestEpsilon],
      ['delta', privacy.delta, '≤', limits.largestDelta],
      ['noiseMultiplier', privacy.noiseMultiplier, '≥', limits.smallestNoiseMultiplier],
    );
  }
  // Written so that NaN keeps no bound.
  const isKept = ([, value, sign, bound]: Check): boolean =>
    sign === '≤' ? value <= bound : value >= bound;
  const violations = checks
    .filter((check) => !isKept(check))
    .map(([name, value, sign, bound]) => `${name} must be ${sign} ${bound}, got ${value}`);
  if (privacy === null && limits.isPrivacyRequired) violations.push('privacy must be on, got none');
  return violations;
}
