// Only files of this folder may import this one: a boundary rule names them.

const key = Symbol('noise');

export type Protection = 'differential-privacy' | 'none';

/**
 * Integers on a public grid that may leave this device. Only a release mechanism makes them: the class cannot be
 * constructed elsewhere, and an object that merely looks the same fails {@link isReleased}.
 */
export class ReleasedIntegers {
  /** γ > 0: the real value of one grid unit. */
  readonly gridStep: number;
  readonly protection: Protection;
  readonly #values: Int32Array;

  constructor(owner: typeof key, values: Int32Array, gridStep: number, protection: Protection) {
    if (owner !== key) throw new TypeError('only a release mechanism makes released integers');
    this.#values = values;
    this.gridStep = gridStep;
    this.protection = protection;
    Object.freeze(this);
  }

  /** Grid units; a copy at each reading, so that nothing else can be written into a release. */
  get values(): Int32Array {
    return this.#values.slice();
  }

  get length(): number {
    return this.#values.length;
  }

  /** values · γ in double precision. */
  reals(): Float64Array {
    return Float64Array.from(this.#values, (value) => value * this.gridStep);
  }

  static isInstance(value: unknown): value is ReleasedIntegers {
    return typeof value === 'object' && value !== null && #values in value;
  }
}

/** Whether `value` came out of a release mechanism, checked at run time. */
export function isReleased(value: unknown): value is ReleasedIntegers {
  return ReleasedIntegers.isInstance(value);
}

/** Takes over `values`: the caller must not touch them again. */
export function makeReleased(
  values: Int32Array,
  gridStep: number,
  protection: Protection,
): ReleasedIntegers {
  return new ReleasedIntegers(key, values, gridStep, protection);
}
