import { decodeUpload, plannedRound, uploadFormat, type UploadFormat } from '@roundtable/methods';
import {
  federationSettingsSchema,
  methodSettings,
  type FederationSettings,
} from '@roundtable/protocol';
import { encodeIntegers } from '@roundtable/quantize';
import { secureRandom, seededRandom, uniformInt, type SecureRandom } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from '../accounting/accountant.ts';
import { calibratePlan } from '../guarantees/calibrate-plan.ts';
import { clipVector } from '../noise/clip.ts';
import { joinReleases } from '../noise/join-releases.ts';
import {
  localGaussianMechanism,
  localLaplaceMechanism,
  type LocalMechanismSettings,
} from '../noise/local-mechanisms.ts';
import type { ReleaseMechanism } from '../noise/release.ts';
import { oneRunLowerBound } from './one-run-bound.ts';

const CLAIMED = { epsilon: 2, delta: 1e-5 };
const ROUNDS = 4;
const LOCAL_STEPS = 3;
const CLIPPING_NORM = 1;
// Longer than the clip in every coordinate, so that a build without one shows.
const LENGTHENED = 3;

/** What one example's differences become, before they are summed, and what makes the sums public. */
interface Build {
  readonly clip: (differences: Float64Array) => Float64Array;
  readonly mechanism: (settings: LocalMechanismSettings) => ReleaseMechanism;
}
interface Audit {
  readonly noise: 'gaussian' | 'laplace';
  /** m = K: canaries and directions. */
  readonly canaries: number;
  readonly guesses: number;
}
const gaussian: Audit = { noise: 'gaussian', canaries: 256, guesses: 40 };
const laplace: Audit = { noise: 'laplace', canaries: 64, guesses: 32 };

/** ±1 along a row of the Walsh–Hadamard matrix: rows are orthogonal and fill every coordinate. */
function signs(row: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, column) => {
    let bits = row & column;
    let parity = 0;
    for (; bits > 0; bits >>>= 1) parity ^= bits & 1;
    return parity === 0 ? 1 : -1;
  });
}

/** Canary i: differences along row i; under L1 clipping along direction i alone, which L1 weakens least. */
function canaryOf(i: number, { noise, canaries }: Audit): Float64Array {
  if (noise === 'gaussian') return signs(i, canaries).map((sign) => LENGTHENED * sign);
  return new Float64Array(canaries).map((_, j) => (j === i ? LENGTHENED : 0));
}

function settingsOf({ noise, canaries }: Audit): FederationSettings {
  const plan = {
    privacyUnit: 'example',
    noise,
    clippingNorm: CLIPPING_NORM,
    samplingRate: 1,
    localSteps: LOCAL_STEPS,
    length: canaries,
    exampleCap: canaries,
    rounds: ROUNDS,
    ...CLAIMED,
  } as const;
  const { download, ...method } = methodSettings({
    name: 'zeroth-order',
    zerothOrder: { directions: canaries, noise },
  });
  return federationSettingsSchema.parse({
    name: 'Audit',
    purpose: 'Canaries',
    baseModelId: 'canaries',
    ...method,
    task: { kind: 'classification', template: '{text}{label}', labels: ['a', 'b'], maxTokens: 8 },
    adapter: {
      rank: 1,
      alpha: 1,
      modules: ['canaries'],
      layers: 'all',
      aInit: 'orthonormal',
      aSeed: 'audit',
    },
    training: {
      localSteps: LOCAL_STEPS,
      learningRate: 1,
      finalLearningRateFactor: 1,
      optimizer: 'sgd',
      samplingRate: 1,
      batchDivisor: canaries,
      maxExamplesPerStep: canaries,
    },
    privacy: {
      privacyUnit: 'example',
      neighboringRelation: 'add-or-remove-one',
      epsilonBudget: CLAIMED.epsilon,
      delta: CLAIMED.delta,
      clippingNorm: CLIPPING_NORM,
      noiseMultiplier: calibratePlan(plan),
    },
    cohort: {
      minimum: 1,
      target: 1,
      overSelection: 1,
      deadlineSeconds: 60,
      minimumFraction: 1,
    },
    wire: { uploadBits: 8, uploadBlockSize: 64, download },
    rounds: ROUNDS,
    isDemo: false,
  });
}
const spec = {
  rank: 1,
  alpha: 1,
  aInit: 'orthonormal' as const,
  aSeed: 'audit',
  targets: [{ module: 'canaries', layer: 0, inFeatures: 1, outFeatures: 4 }],
  fanInFanOut: false,
};

/** What the hub decodes of one round: S joined releases of K sums each, through the bytes of their frame. */
function playRound(
  build: Build,
  mechanism: ReleaseMechanism,
  format: UploadFormat,
  examples: readonly Float64Array[],
): ArrayLike<number> {
  if (format.kind !== 'grid') throw new TypeError(`format must be grid, got ${format.kind}`);
  const steps = Array.from({ length: LOCAL_STEPS }, () => {
    const sum = new Float64Array(format.length / LOCAL_STEPS);
    for (const example of examples) {
      build.clip(example).forEach((value, j) => (sum[j]! += value));
    }
    return mechanism.release(sum);
  });
  const update = joinReleases(steps);
  return decodeUpload(format, encodeIntegers(update.values, format.grid.bytesPerValue));
}

/** One run, and the ε that a hub which sees everything proves by guessing which canaries were in. */
function audit(build: Build, kind: Audit): { lowerBound: number; correct: number } {
  const settings = settingsOf(kind);
  const { canaries, guesses } = kind;
  const random = seededRandom('audit/zeroth-order/coins');
  const coins = Array.from({ length: canaries }, () => uniformInt(random, 2) === 1);
  const examples = coins.flatMap((isIn, i) => (isIn ? [canaryOf(i, kind)] : []));
  const format = uploadFormat(settings, spec);
  const mechanism = build.mechanism({
    clippingNorm: CLIPPING_NORM,
    noiseMultiplier: settings.privacy!.noiseMultiplier,
    samplingRate: 1,
    length: canaries,
    exampleCap: canaries,
    random: secureRandom(),
  });
  const scores = new Float64Array(canaries);
  for (let round = 0; round < ROUNDS; round += 1) {
    const decoded = playRound(build, mechanism, format, examples);
    for (let i = 0; i < canaries; i += 1) {
      const canary = canaryOf(i, kind);
      for (let at = 0; at < decoded.length; at += 1) {
        scores[i]! += decoded[at]! * canary[at % canaries]!;
      }
    }
  }
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const isRight = [
    ...order.slice(0, guesses / 2).map((i) => coins[i]!),
    ...order.slice(-guesses / 2).map((i) => !coins[i]!),
  ];
  const correct = isRight.filter(Boolean).length;
  const { delta } = CLAIMED;
  const seen = { canaries, guesses, correct, delta, confidence: 0.95 };
  return { lowerBound: oneRunLowerBound(seen), correct };
}

const broken = (fill: (words: Uint32Array) => void): SecureRandom => ({
  kind: 'secure',
  nextUint32: () => 0,
  fillUint32: fill,
});
// Words around the middle that differ a little, so that the source does not look stuck: no noise to speak of.
const quiet = broken((words) => {
  words.forEach((_, i) => (words[i] = 2 ** 31 + (i % 7)));
});
/** One draw for all directions of a step, as in the first-order baseline that published code compares with. */
const shared = broken((words) => {
  const common = secureRandom().nextUint32();
  words.forEach((_, i) => (words[i] = common + (i % 7)));
});
const l2 = (differences: Float64Array) => clipVector(differences, CLIPPING_NORM);
const l1 = (differences: Float64Array) => clipVector(differences, CLIPPING_NORM, 'l1');
const each = (differences: Float64Array) =>
  differences.map((value) => Math.max(-CLIPPING_NORM, Math.min(CLIPPING_NORM, value)));
const withRandom =
  (random: SecureRandom, mechanism = localGaussianMechanism) =>
  (settings: LocalMechanismSettings) =>
    mechanism({ ...settings, random });

describe('one-run audit of zeroth-order steps: clip, release, join, frame, decode', () => {
  it('claims what the accountant says of the rounds that it plays', () => {
    for (const kind of [gaussian, laplace]) {
      const { event, count } = plannedRound(settingsOf(kind), spec)!;
      const spent = epsilonOf([{ ...event, count: count * ROUNDS, round: 0 }], CLAIMED.delta);
      expect(count).toBe(LOCAL_STEPS);
      expect(spent).toBeLessThanOrEqual(CLAIMED.epsilon);
      expect(spent).toBeGreaterThan(0.999 * CLAIMED.epsilon);
    }
  });

  it('does not refute the claim of what contributors run, with either noise', () => {
    const honest = audit({ clip: l2, mechanism: localGaussianMechanism }, gaussian);
    expect(honest.lowerBound).toBeLessThanOrEqual(CLAIMED.epsilon);
    const withLaplace = audit({ clip: l1, mechanism: localLaplaceMechanism }, laplace);
    expect(withLaplace.lowerBound).toBeLessThanOrEqual(CLAIMED.epsilon);
  });

  it.each<[string, Build, Audit]>([
    ['no noise', { clip: l2, mechanism: withRandom(quiet) }, gaussian],
    ['noise shared by the directions', { clip: l2, mechanism: withRandom(shared) }, gaussian],
    ['scalars clipped one by one', { clip: each, mechanism: localGaussianMechanism }, gaussian],
    [
      'no Laplace noise',
      { clip: l1, mechanism: withRandom(quiet, localLaplaceMechanism) },
      laplace,
    ],
  ])('refutes the claim of a build with %s', (_, build, kind) => {
    expect(audit(build, kind).lowerBound).toBeGreaterThan(CLAIMED.epsilon);
  });

  it('meets a build without clipping at the grid, which such sums leave', () => {
    const build: Build = { clip: (values) => values, mechanism: localGaussianMechanism };
    expect(() => audit(build, gaussian)).toThrow('grid-overflow');
  });
});
