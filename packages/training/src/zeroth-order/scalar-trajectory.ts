import { ReleaseFailure } from '@roundtable/privacy';
import type { ScalarRule } from './scalar-rule.ts';

const isSingle = (value: number): boolean => Number.isFinite(Math.fround(value));

/** θ moved along a round's public directions by the scalars of one step after the other. */
export class ScalarTrajectory {
  readonly #rule: ScalarRule;
  readonly #learningRate: number;
  #values: Float32Array;
  #steps = 0;

  constructor(start: Float32Array, rule: ScalarRule, learningRate: number) {
    this.#rule = rule;
    this.#learningRate = learningRate;
    this.#values = start.slice();
  }

  /** A copy of θ. */
  values(): Float32Array {
    return this.#values.slice();
  }

  /** The directions of the step to come. */
  directions(): readonly Float32Array[] {
    return this.#rule.directionsOf(this.#steps);
  }

  /** @throws ReleaseFailure 'not-finite', θ unchanged, where it would leave the numbers */
  take(scalars: Float64Array): void {
    if (!scalars.every((scalar) => isSingle(scalar) && isSingle(this.#learningRate * scalar))) {
      throw new ReleaseFailure('not-finite', 'a scalar is NaN or its step beyond float32');
    }
    const next = this.#values.slice();
    this.#rule.move(next, this.#steps, this.#learningRate, scalars);
    if (!next.every(Number.isFinite)) {
      throw new ReleaseFailure('not-finite', 'a weight became NaN or infinite');
    }
    this.#values = next;
    this.#steps += 1;
  }
}
