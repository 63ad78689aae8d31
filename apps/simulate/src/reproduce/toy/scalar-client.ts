import {
  scalarDivisor,
  uploadFormat,
  type MethodTerms,
  type ScalarRule,
} from '@roundtable/methods';
import {
  clipVector,
  gridRelease,
  joinReleases,
  type ReleasedIntegers,
  type ReleaseMechanism,
} from '@roundtable/privacy';
import {
  seededGaussianMechanism,
  seededLaplaceMechanism,
} from '@roundtable/privacy/testing/seeded-mechanisms';
import { uniform, type SeededRandom } from '@roundtable/random';
import { differencesOf } from './differences.ts';
import { BATCH_DIVISOR, LOCAL_STEPS, SAMPLING_RATE } from './first-order.ts';
import type { ZerothOrderRun } from './zeroth-order-terms.ts';
import type { ToyData, ToyWorld } from './world.ts';

/** The mechanism that a run's scalars leave a client by: the product's, with noise that can be repeated. */
export function mechanismOf(
  run: ZerothOrderRun,
  { settings, spec }: MethodTerms,
  random: SeededRandom,
): ReleaseMechanism {
  const { privacy, training, zerothOrder } = settings;
  if (privacy === null) {
    const format = uploadFormat(settings, spec);
    return gridRelease(format.kind === 'grid' ? format.grid.gridStep : 1);
  }
  const { directions, noise } = zerothOrder!;
  const isWhole = run.privacyUnit === 'client';
  const mechanism = noise === 'laplace' ? seededLaplaceMechanism : seededGaussianMechanism;
  return mechanism({
    clippingNorm: privacy.clippingNorm,
    noiseMultiplier: privacy.noiseMultiplier,
    samplingRate: isWhole ? 1 : training.samplingRate,
    length: isWhole ? LOCAL_STEPS * directions : directions,
    exampleCap: isWhole ? 1 : training.maxExamplesPerStep,
    random,
  });
}

export interface ScalarClientOptions {
  readonly world: ToyWorld;
  readonly data: ToyData;
  readonly a: Float32Array;
  readonly run: ZerothOrderRun;
  readonly terms: MethodTerms;
  readonly random: SeededRandom;
  readonly release: ReleaseMechanism;
}

/** One client in one round: it moves by its own released scalars, and sends them. */
export class ScalarClient {
  readonly #options: ScalarClientOptions;
  readonly #b: Float32Array;
  readonly #released: ReleasedIntegers[] = [];
  /** The scalars of a client-level round, which stay here until they are released as one. */
  readonly #raw: number[] = [];

  constructor(options: ScalarClientOptions, start: Float32Array) {
    this.#options = options;
    this.#b = start.slice();
  }

  step(rule: ScalarRule, step: number): void {
    const { run, terms, release } = this.#options;
    const sum = this.#differenceSum(rule, step);
    const { learningRate } = run;
    if (run.privacyUnit === 'client' && run.noiseMultiplier > 0) {
      const means = sum.map((value) => value / BATCH_DIVISOR);
      this.#raw.push(...means);
      rule.move(this.#b, step, learningRate, means);
      return;
    }
    const isProtected = run.noiseMultiplier > 0;
    const released = release.release(isProtected ? sum : sum.map((value) => value / BATCH_DIVISOR));
    this.#released.push(released);
    const divisor = scalarDivisor(terms.settings);
    const scalars = Float64Array.from(
      released.values,
      (units) => (units * released.gridStep) / divisor,
    );
    rule.move(this.#b, step, learningRate, scalars);
  }

  /** The round's upload in real units. */
  upload(): Float64Array {
    const { run, release } = this.#options;
    const isWhole = run.privacyUnit === 'client' && run.noiseMultiplier > 0;
    const { values, gridStep } = isWhole
      ? release.release(clipVector(Float64Array.from(this.#raw), run.clip))
      : joinReleases(this.#released);
    return Float64Array.from(values, (units) => units * gridStep);
  }

  /** Σ over the step's Poisson batch of each example's clipped differences. */
  #differenceSum(rule: ScalarRule, step: number): Float64Array {
    const { world, data, a, random } = this.#options;
    const directions = rule.directionsOf(step);
    const sum = new Float64Array(directions.length);
    for (let i = 0; i < data.labels.length; i += 1) {
      if (uniform(random) >= SAMPLING_RATE) continue;
      const found = differencesOf(world, data, i, a, this.#b, directions, rule.scale);
      const clipped = this.#clipped(found);
      for (let j = 0; j < sum.length; j += 1) sum[j] = sum[j]! + clipped[j]!;
    }
    return sum;
  }

  #clipped(found: Float64Array): Float64Array {
    const { run, terms } = this.#options;
    if (run.noiseMultiplier === 0 || run.privacyUnit === 'client') return found;
    if (run.clipping === 'vector') {
      return clipVector(
        found,
        run.clip,
        terms.settings.zerothOrder!.noise === 'laplace' ? 'l1' : 'l2',
      );
    }
    const bound = run.clip / Math.sqrt(found.length);
    return found.map((value) => Math.max(-bound, Math.min(bound, value)));
  }
}
