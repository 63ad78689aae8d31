import {
  broadcastRelease,
  calibratePlan,
  epsilonOf,
  plannedRelease,
  runningEpsilonOf,
  signalToNoise,
} from '@roundtable/privacy';
import type { BroadcastProof, PlannedRelease, PrivacyEvent } from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';

/** What an admin wishes for, and the public settings that decide what it takes. */
export interface PrivacyPlan {
  privacyUnit: 'example' | 'client';
  /** ε > 0 against the hub that all rounds together may reach, at δ. */
  epsilon: number;
  delta: number;
  clippingNorm: number;
  samplingRate: number;
  localSteps: number;
  rounds: number;
  /** Numbers of one update. */
  length: number;
  maxExamplesPerStep: number;
  /** Wanted and fewest people of a round. */
  clients: number;
  minimumClients: number;
  examplesPerClient: number;
}

export interface EpsilonPair {
  hub: number;
  broadcast: number;
}

/** The noise that a plan takes, and what it is worth. */
export interface PrivacyFigures {
  noiseMultiplier: number;
  oneRound: EpsilonPair;
  allRounds: EpsilonPair;
  broadcastProof: BroadcastProof;
  /** Best case over all rounds; below 1 the noise drowns what could be learned. */
  signalToNoise: number;
}

/** `quick` is an upper bound by Rényi orders alone, `exact` the headline ε that the federation will have. */
export type Stage = 'quick' | 'exact';

function epsilonBy(stage: Stage): (events: readonly PrivacyEvent[], delta: number) => number {
  return stage === 'quick' ? runningEpsilonOf : epsilonOf;
}

/**
 * The figures of a plan. May take a second or more: for a worker.
 * @throws RangeError naming what cannot be reached
 */
export function privacyFigures(plan: PrivacyPlan, stage: Stage): PrivacyFigures {
  const agreed = { ...plan, exampleCap: plan.maxExamplesPerStep };
  const by = stage === 'quick' ? 'rdp' : 'headline';
  const noiseMultiplier = calibratePlan({ ...agreed, by });
  const release = plannedRelease({ ...agreed, noiseMultiplier });
  const hasLinearUpload = plan.privacyUnit === 'client';
  const { minimumClients, delta } = plan;
  const seen = broadcastRelease({ planned: release, hasLinearUpload, minimumClients });
  const pair = (rounds: number): EpsilonPair => {
    const epsilon = (event: PlannedRelease['event']): number =>
      epsilonBy(stage)([{ ...event, count: release.count * rounds, round: 0 }], delta);
    const hub = epsilon(release.event);
    return { hub, broadcast: seen.proof === 'proven' ? Math.min(hub, epsilon(seen.event)) : hub };
  };
  return {
    noiseMultiplier,
    oneRound: pair(1),
    allRounds: pair(plan.rounds),
    broadcastProof: seen.proof,
    signalToNoise: signalToNoise({ ...plan, noise: 'local' }),
  };
}

/** The plan of settings that are valid but for σ; null without differential privacy. */
export function planOf(
  { privacy, training, cohort, rounds }: FederationSettings,
  length: number,
  examplesPerClient: number,
): PrivacyPlan | null {
  if (!privacy) return null;
  const { privacyUnit, epsilonBudget: epsilon, delta, clippingNorm } = privacy;
  const { samplingRate, localSteps, maxExamplesPerStep } = training;
  return {
    privacyUnit,
    epsilon,
    delta,
    clippingNorm,
    samplingRate,
    localSteps,
    rounds,
    length,
    maxExamplesPerStep,
    clients: cohort.target,
    minimumClients: cohort.minimum,
    examplesPerClient,
  };
}
