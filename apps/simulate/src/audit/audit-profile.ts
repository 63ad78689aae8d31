import { calibratePlan, poissonCapacity } from '@roundtable/privacy';

/** What an audit claims and how hard it tries to refute it; everything is fixed before anything is looked at. */
export interface AuditProfile {
  readonly name: 'full' | 'small';
  /** m: canaries, each included by a fair coin. */
  readonly canaries: number;
  /** r: guesses, half for the highest scores and half for the lowest. */
  readonly guesses: number;
  /** Examples in the sums of the moment tests. */
  readonly probes: number;
  /** Noise draws of each moment test. */
  readonly draws: number;
  /** Batches drawn by the test of their size. */
  readonly batches: number;
}

export const auditProfiles = {
  full: {
    name: 'full',
    canaries: 1_000,
    guesses: 100,
    probes: 100,
    draws: 1_000_000,
    batches: 20_000,
  },
  small: { name: 'small', canaries: 200, guesses: 40, probes: 50, draws: 200_000, batches: 5_000 },
} as const satisfies Record<string, AuditProfile>;

export const CLAIMED_EPSILON = 2;
export const CLAIMED_DELTA = 1e-5;
export const CONFIDENCE = 0.95;
/** Fixes which canaries are included: the bound's false alarms are then the noise's alone. */
export const COIN_SEED = 'audit/canaries';

/** The federation under audit: one client whose examples are the canaries that its coins included. */
export interface AuditSettings {
  readonly clippingNorm: number;
  readonly noiseMultiplier: number;
  readonly samplingRate: number;
  /** d = m: one coordinate for each canary. */
  readonly length: number;
  /** Public cap on the examples of one step. */
  readonly exampleCap: number;
  readonly batchDivisor: number;
  readonly learningRate: number;
  readonly rounds: number;
  readonly localSteps: number;
}

const ROUNDS = 4;
const LOCAL_STEPS = 3;

function capFor(examples: number, samplingRate: number): number {
  let cap = Math.max(1, Math.ceil(samplingRate * examples));
  while (poissonCapacity(samplingRate, cap) < examples) cap += 1;
  return cap;
}

/** Settings whose noise is calibrated to the claim, so that all of it is spent at the end. */
export function auditSettings(
  { canaries }: Pick<AuditProfile, 'canaries'>,
  samplingRate: number,
  own: Partial<AuditSettings> = {},
): AuditSettings {
  const { clippingNorm = 1, length = canaries, learningRate = 1 } = own;
  const exampleCap = own.exampleCap ?? capFor(canaries, samplingRate);
  // Not what an honest batch has: dividing by that instead shows.
  const batchDivisor = own.batchDivisor ?? exampleCap;
  const noiseMultiplier = calibratePlan({
    privacyUnit: 'example',
    clippingNorm,
    samplingRate,
    localSteps: LOCAL_STEPS,
    length,
    exampleCap,
    epsilon: CLAIMED_EPSILON,
    delta: CLAIMED_DELTA,
    rounds: ROUNDS,
  });
  return {
    clippingNorm,
    noiseMultiplier,
    samplingRate,
    length,
    exampleCap,
    batchDivisor,
    learningRate,
    rounds: ROUNDS,
    localSteps: LOCAL_STEPS,
  };
}
