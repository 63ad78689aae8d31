import { releasedTrajectory } from '@roundtable/privacy';
import type {
  PrivacyEvent,
  ReleasedIntegers,
  ReleasedTrajectory,
  ReleaseMechanism,
} from '@roundtable/privacy';
import type { SecureRandom } from '@roundtable/random';
import type { AuditSettings } from './audit-profile.ts';
import type { AuditedBuild } from './audited-build.ts';
import type { AuditExample } from './canaries.ts';

export interface AuditedStep {
  /** What the device knows and the auditor of the noise compares with. */
  readonly drawn: readonly number[];
  readonly released: ReleasedIntegers;
}

const sgd = {
  apply: (weights: Float32Array, gradient: Float32Array, learningRate: number): void => {
    for (let i = 0; i < weights.length; i += 1) weights[i]! -= learningRate * gradient[i]!;
  },
};

/** Local steps of a build on given gradients: the same for the audit's federation and for the tests of its noise. */
export class AuditedTrainer {
  readonly #build: AuditedBuild;
  readonly #settings: AuditSettings;
  readonly #random: SecureRandom;
  readonly #mechanism: ReleaseMechanism;
  #trajectory: ReleasedTrajectory;

  constructor(build: AuditedBuild, settings: AuditSettings, random: SecureRandom) {
    this.#build = build;
    this.#settings = settings;
    this.#random = random;
    this.#mechanism = build.mechanism({ ...settings, random });
    this.#trajectory = this.#begin(new Float32Array(settings.length));
  }

  /** What one step says that it costs. */
  event(round: number): PrivacyEvent {
    const { event } = this.#mechanism;
    if (event === null) throw new TypeError('mechanism must protect, got one that does not');
    return { ...event, count: 1, round };
  }

  beginRound(start: Float32Array): void {
    this.#trajectory = this.#begin(start);
  }

  step(examples: readonly AuditExample[], learningRate: number): AuditedStep {
    const { samplingRate, exampleCap, clippingNorm, batchDivisor, length } = this.#settings;
    const build = this.#build;
    const drawn = build.drawBatch(this.#random, examples.length, samplingRate, exampleCap);
    const batch = drawn.map((index) => examples[index]!);
    const sum =
      batch.length === 0 ? new Float64Array(length) : build.clippedSum(batch, clippingNorm);
    const released = this.#mechanism.release(sum);
    const divisor = build.divisor(batchDivisor, drawn.length);
    this.#trajectory.take(released, (learningRate * batchDivisor) / divisor);
    return { drawn, released };
  }

  update(): ReleasedIntegers {
    return this.#trajectory.update();
  }

  #begin(start: Float32Array): ReleasedTrajectory {
    const { batchDivisor: divisor } = this.#settings;
    return releasedTrajectory({ start, optimizer: sgd, divisor });
  }
}
