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
  /** Whether every round releases measurements along new directions. */
  hasOwnDirections: boolean;
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
  signal: Signal | null;
}

/** Best-case ratio of signal to noise; none is known for Laplace noise. */
export interface Signal {
  ratio: number;
  /**
   * Over the whole run: below 1 the noise drowns what could be learned. Of one round where each one measures along
   * directions of its own, as the zeroth order does: what rounds add up to is not bounded by it.
   */
  over: 'run' | 'round';
}

/** `quick` is an upper bound by Rényi orders alone, `exact` the headline ε that the federation will have. */
export type Stage = 'quick' | 'exact';

function epsilonBy(stage: Stage): (events: readonly PrivacyEvent[], delta: number) => number {
  return stage === 'quick' ? runningEpsilonOf : epsilonOf;
}

function signalOf(
  { release, hasOwnDirections, ...plan }: PrivacyPlan,
  count: number,
): Signal | null {
  if (release.noise === 'laplace') return null;
  const { privacyUnit, length } = release;
  const ratio = signalToNoise({ ...plan, privacyUnit, length, noise: 'local' });
  if (!hasOwnDirections) return { ratio, over: 'run' };
  return { ratio: ratio / Math.sqrt(count * plan.rounds), over: 'round' };
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
    signal: signalOf(plan, planned.count),
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
    hasOwnDirections: settings.method === 'zeroth-order',
    epsilon: privacy.epsilonBudget,
    delta: privacy.delta,
    rounds,
    clients: cohort.target,
    minimumClients: cohort.minimum,
    examplesPerClient,
  };
}
