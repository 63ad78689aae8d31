import type { AdapterSpec, AdapterVariant } from '@roundtable/lora';
import { MAX_NORM_CHAIN, type ReleaseMechanism } from '@roundtable/privacy';
import type { RandomSource } from '@roundtable/random';
import type { Task } from './task.ts';

/** What a federation says about local steps. */
export interface LocalTraining {
  readonly optimizer: 'sgd' | 'adam';
  /** Poisson rate q in (0, 1] of each example at each step; 1 takes all. */
  readonly samplingRate: number;
  /** Public constant b > 0 that divides every released sum, also an empty one. */
  readonly batchDivisor: number;
  /** Public cap on the examples of one step. */
  readonly maxExamplesPerStep: number;
}

export interface LocalTrainerSettings {
  readonly task: Task;
  readonly variant: AdapterVariant;
  readonly training: LocalTraining;
  /**
   * What the release protects: one example, released at every step, or all examples of this device, released once as
   * their whole update. Without protection it is `example`.
   */
  readonly privacyUnit: 'example' | 'client';
  /** L2 bound C on one unit's contribution; null only with a release that protects nothing. */
  readonly clippingNorm: number | null;
  readonly release: ReleaseMechanism;
  /** η of the first round; a round's start sets later ones. */
  readonly learningRate: number;
  /** Coins of the Poisson batches: refused unless secure wherever something is protected. */
  readonly random: RandomSource;
}

/** What must belong together, whatever is released. */
export type ReleaseSettings = Pick<
  LocalTrainerSettings,
  'training' | 'privacyUnit' | 'clippingNorm' | 'release' | 'random'
>;

function requireSampling({ release, training, privacyUnit }: ReleaseSettings): void {
  const { event } = release;
  if (event === null) {
    if (privacyUnit === 'client') {
      throw new RangeError('privacyUnit must be example where the release protects nothing');
    }
    return;
  }
  // Nothing hides who takes part: a whole client is never sampled.
  const rate = privacyUnit === 'client' ? 1 : training.samplingRate;
  if (event.samplingRate !== rate) {
    throw new RangeError(`samplingRate must be the release's ${event.samplingRate}, got ${rate}`);
  }
}

/** @throws where release, unit, clipping, sampling, randomness and divisor do not belong together */
export function requireConsistent(settings: ReleaseSettings): void {
  const { clippingNorm, release, training, random } = settings;
  if (release.clippingNorm !== clippingNorm) {
    throw new RangeError(
      `clippingNorm must be the release's ${String(release.clippingNorm)}, got ${String(clippingNorm)}`,
    );
  }
  requireSampling(settings);
  if (release.event !== null && random.kind !== 'secure') {
    throw new TypeError(`random must be secure where a release protects, got ${random.kind}`);
  }
  if (!(training.batchDivisor > 0 && training.batchDivisor < Infinity)) {
    throw new RangeError(`batchDivisor must be finite and above 0, got ${training.batchDivisor}`);
  }
}

// Products of sums, the root and the clip factor.
const FURTHER_ROUNDINGS = 8;

/**
 * Refuses an adapter so wide that the float32 norms of its gradients could be off by more than the clip's slack covers:
 * squares are added along rows, then columns, then over all trained matrices.
 */
export function requireNormChain(spec: AdapterSpec, { trainedParts }: AdapterVariant): void {
  const widest = Math.max(
    ...spec.targets.map(({ inFeatures, outFeatures }) =>
      trainedParts.includes('A') ? Math.max(inFeatures, outFeatures) : outFeatures,
    ),
  );
  const matrices = spec.targets.length * trainedParts.length;
  const chain = spec.rank + widest + matrices + FURTHER_ROUNDINGS;
  if (chain > MAX_NORM_CHAIN) {
    throw new RangeError(
      `rank + features + matrices must be at most ${MAX_NORM_CHAIN - FURTHER_ROUNDINGS} under clipping, got ${chain - FURTHER_ROUNDINGS}`,
    );
  }
}
