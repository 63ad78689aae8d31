/** Averages updates as they come, in memory that does not grow with their number. */
export interface Aggregator {
  /** Updates added so far. */
  readonly count: number;
  /**
   * @param update all values finite and at most `maxAbs` in size
   * @param weight positive integer: 1 under differential privacy, else an example count
   */
  add(update: Float32Array | Float64Array, weight: number): void;
  /** The weighted mean; the same bits whatever the order of the updates. */
  result(): Float64Array;
}

export interface MeanAggregatorLimits {
  /** Bound on every value of every update, such as the bound on an update's norm. */
  readonly maxAbs: number;
  /** Bound on the sum of all weights. */
  readonly maxTotalWeight: number;
}

const EXACT_BITS = 53;

/** The largest k for which maxAbs · maxTotalWeight · 2^k stays below 2^53, rounding included. */
function fixedPointExponent({ maxAbs, maxTotalWeight }: MeanAggregatorLimits): number {
  if (!Number.isFinite(maxAbs) || maxAbs <= 0) {
    throw new RangeError(`maxAbs must be finite and > 0, got ${maxAbs}`);
  }
  if (!Number.isInteger(maxTotalWeight) || maxTotalWeight < 1 || maxTotalWeight > 2 ** 32) {
    throw new RangeError(`maxTotalWeight must be an integer in 1 … 2^32, got ${maxTotalWeight}`);
  }
  const wholeBits =
    Math.max(0, Math.ceil(Math.log2(maxAbs))) + Math.ceil(Math.log2(maxTotalWeight));
  const exponent = EXACT_BITS - 2 - wholeBits;
  if (exponent < 0) {
    throw new RangeError(`maxAbs · maxTotalWeight must be below 2^51, got 2^${wholeBits}`);
  }
  return exponent;
}

class MeanAggregator implements Aggregator {
  readonly #sums: Float64Array;
  readonly #limits: MeanAggregatorLimits;
  readonly #scale: number;
  #count = 0;
  #totalWeight = 0;

  constructor(length: number, limits: MeanAggregatorLimits) {
    this.#sums = new Float64Array(length);
    this.#limits = limits;
    this.#scale = 2 ** fixedPointExponent(limits);
  }

  get count(): number {
    return this.#count;
  }

  add(update: Float32Array | Float64Array, weight: number): void {
    this.#check(update, weight);
    const sums = this.#sums;
    // Integers below 2^53 add up exactly in doubles, so the order of clients cannot show in the result.
    for (let i = 0; i < sums.length; i += 1) {
      sums[i]! += weight * Math.round(update[i]! * this.#scale);
    }
    this.#count += 1;
    this.#totalWeight += weight;
  }

  result(): Float64Array {
    if (this.#count === 0) throw new RangeError('count must be ≥ 1 before result(), got 0');
    const divisor = this.#scale * this.#totalWeight;
    return this.#sums.map((sum) => sum / divisor);
  }

  // All checks come before the first addition: a refused update leaves no trace.
  #check(update: Float32Array | Float64Array, weight: number): void {
    const { maxAbs, maxTotalWeight } = this.#limits;
    if (update.length !== this.#sums.length) {
      throw new RangeError(`update must have ${this.#sums.length} values, got ${update.length}`);
    }
    if (!Number.isInteger(weight) || weight < 1 || this.#totalWeight + weight > maxTotalWeight) {
      const left = maxTotalWeight - this.#totalWeight;
      throw new RangeError(`weight must be an integer in 1 … ${left}, got ${weight}`);
    }
    const outside = update.findIndex((value) => !(Math.abs(value) <= maxAbs));
    if (outside >= 0) {
      throw new RangeError(`update[${outside}] must be within ±${maxAbs}, got ${update[outside]!}`);
    }
  }
}

/**
 * Weighted mean in fixed point: values are rounded once, to a multiple of 2^-k with the largest k that `limits`
 * leave room for, and summed as exact integers.
 */
export function meanAggregator(length: number, limits: MeanAggregatorLimits): Aggregator {
  if (!Number.isInteger(length) || length < 1) {
    throw new RangeError(`length must be an integer ≥ 1, got ${length}`);
  }
  return new MeanAggregator(length, limits);
}
