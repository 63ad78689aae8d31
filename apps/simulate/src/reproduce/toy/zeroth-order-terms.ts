import type { MethodTerms } from '@roundtable/methods';
import { poissonCapacity } from '@roundtable/privacy';
import { zerothOrderDefaults, type ZerothOrderSettings } from '@roundtable/protocol';
import { BATCH_DIVISOR, SAMPLING_RATE } from './first-order.ts';
import { toySpec } from './model.ts';
import { toySettings } from './settings.ts';

/** One federated run of the toy by forward passes only, over B; A has orthonormal rows. */
export interface ZerothOrderRun {
  readonly seed: string;
  readonly rounds: number;
  readonly learningRate: number;
  /** Noise standard deviation (Laplace: scale) / `clip`; 0 turns clipping off too. */
  readonly noiseMultiplier: number;
  /**
   * Bound on what one unit moves a release by, in L2 (L1 for Laplace noise): one example's K differences, or a client's
   * S·K scalars.
   */
  readonly clip: number;
  /** Whether the K differences are clipped as one vector, or each alone to clip/√K, which bounds the vector as well. */
  readonly clipping: 'vector' | 'scalars';
  readonly privacyUnit: 'example' | 'client';
  /** What differs from the product's defaults. */
  readonly method: Partial<ZerothOrderSettings>;
}

/** The smallest public cap that leaves a client of `examples` all of them. */
export function exampleCapFor(examples: number): number {
  let cap = BATCH_DIVISOR;
  while (poissonCapacity(SAMPLING_RATE, cap) < examples) cap += 1;
  return cap;
}

/** The run as the product would be told of it. Only its zeroth-order arithmetic is used: task and cohort mean nothing. */
export function termsOf(run: ZerothOrderRun, examplesPerClient: number): MethodTerms {
  const { privacyUnit, noiseMultiplier, clip: clippingNorm, learningRate, rounds, seed } = run;
  const privacy = {
    privacyUnit,
    neighboringRelation: 'add-or-remove-one',
    epsilonBudget: 1_000,
    delta: 1e-5,
    clippingNorm,
    noiseMultiplier,
  } as const;
  const settings = toySettings({
    method: 'zeroth-order',
    zerothOrder: { ...zerothOrderDefaults, ...run.method },
    privacy: noiseMultiplier === 0 ? null : privacy,
    rounds,
    wire: { uploadBits: 8, uploadBlockSize: 64, download: 'scalar-log' },
  });
  const maxExamplesPerStep = exampleCapFor(examplesPerClient);
  return {
    federationId: `toy-${seed}`,
    spec: toySpec('orthonormal', seed),
    settings: { ...settings, training: { ...settings.training, learningRate, maxExamplesPerStep } },
  };
}
