import type { AdapterSpec } from '@roundtable/lora';
import { hasLinearUpload, roundReleasePlan } from '@roundtable/methods';
import {
  broadcastRelease,
  calibratePlan,
  epsilonOf,
  plannedRelease,
  runningEpsilonOf,
  signalToNoise,
} from '@roundtable/privacy';
import type {
  BroadcastProof,
  PlannedRelease,
  PrivacyEvent,
  ReleasePlanSettings,
} from '@roundtable/privacy';
import type { FederationSettings } from '@roundtable/protocol';

/** What an admin wishes for, and the public settings that decide what it takes. */
export interface PrivacyPlan {
  /** What one round releases, but for its noise. */
  release: Omit<ReleasePlanSettings, 'noiseMultiplier'>;
  /** Whether the hub's result is a function of the sum of the releases. */
  hasLinearUpload: boolean;
  /** ε > 0 against the hub that all rounds together may reach, at δ. */
  epsilon: number;
  delta: number;
  rounds: number;
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
  /** Best case over all rounds; below 1 the noise drowns what could be learned. Null where no such bound is known. */
  signalToNoise: number | null;
}

/** `quick` is an upper bound by Rényi orders alone, `exact` the headline ε that the federation will have. */
export type Stage = 'quick' | 'exact';

function epsilonBy(stage: Stage): (events: readonly PrivacyEvent[], delta: number) => number {
  return stage === 'quick' ? runningEpsilonOf : epsilonOf;
}

function signalOf({ release, ...plan }: PrivacyPlan): number | null {
  // The bound is about Gaussian noise.
  if (release.noise === 'laplace') return null;
  const { privacyUnit, length } = release;
  return signalToNoise({ ...plan, privacyUnit, length, noise: 'local' });
}

/**
 * The figures of a plan. May take a second or more: for a worker.
 * @throws RangeError naming what cannot be reached
 */
export function privacyFigures(plan: PrivacyPlan, stage: Stage): PrivacyFigures {
  const { release, epsilon, delta, rounds, minimumClients } = plan;
  const by = stage === 'quick' ? 'rdp' : 'headline';
  const noiseMultiplier = calibratePlan({ ...release, epsilon, delta, rounds, by });
  const planned = plannedRelease({ ...release, noiseMultiplier });
  const seen = broadcastRelease({
    ...{ planned, minimumClients },
    hasLinearUpload: plan.hasLinearUpload,
  });
  const pair = (count: number): EpsilonPair => {
    const after = (event: PlannedRelease['event']): number =>
      epsilonBy(stage)([{ ...event, count: planned.count * count, round: 0 }], delta);
    const hub = after(planned.event);
    return { hub, broadcast: seen.proof === 'proven' ? Math.min(hub, after(seen.event)) : hub };
  };
  return {
    noiseMultiplier,
    oneRound: pair(1),
    allRounds: pair(rounds),
    broadcastProof: seen.proof,
    signalToNoise: signalOf(plan),
  };
}

/** The plan of settings that are valid but for σ; null without differential privacy. */
export function planOf(
  settings: FederationSettings,
  spec: AdapterSpec,
  examplesPerClient: number,
): PrivacyPlan | null {
  const planned = roundReleasePlan(settings, spec);
  const { privacy, cohort, rounds } = settings;
  if (!planned || !privacy) return null;
  const { noiseMultiplier: _pending, ...release } = planned;
  return {
    release,
    hasLinearUpload: hasLinearUpload(settings),
    epsilon: privacy.epsilonBudget,
    delta: privacy.delta,
    rounds,
    clients: cohort.target,
    minimumClients: cohort.minimum,
    examplesPerClient,
  };
}
