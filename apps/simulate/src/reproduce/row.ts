/** One claim of a published method beside what was measured here. */
export interface ReproductionRow {
  readonly method: string;
  readonly claim: string;
  /** What would have to be measured for the claim to hold. */
  readonly condition: string;
  readonly measured: string;
  /** Null where the difference lies inside the spread of the seeds, or where the condition only asks for a report. */
  readonly holds: boolean | null;
}

/** How much work a reproduction may be. */
export interface ReproductionScale {
  /** Seeds of the toy's world, cohort, batches and noise; at least 2. */
  readonly seeds: number;
  readonly rounds: number;
  /** Learning rates and noise multipliers of the grids. */
  readonly learningRates: readonly number[];
  readonly noiseMultipliers: readonly number[];
  /** Rounds of the cell with FedSVD's published defaults. */
  readonly defaultsRounds: number;
  /** Learning rates of the zeroth order. */
  readonly zerothOrderRates: readonly number[];
  /** Rounds of the zeroth order. */
  readonly zerothOrderRounds: number;
  /** K of the zeroth-order runs that have several directions. */
  readonly directions: number;
}

export const fullScale: ReproductionScale = {
  seeds: 6,
  rounds: 20,
  learningRates: [0.03, 0.1, 0.3, 1],
  noiseMultipliers: [0, 2, 6, 12],
  defaultsRounds: 100,
  zerothOrderRates: [0.1, 0.3, 1],
  zerothOrderRounds: 15,
  directions: 16,
};
/** For every test run: the same code over fewer cells. */
export const shortScale: ReproductionScale = {
  seeds: 2,
  rounds: 6,
  learningRates: [0.1],
  noiseMultipliers: [0, 12],
  defaultsRounds: 10,
  zerothOrderRates: [0.3],
  zerothOrderRounds: 5,
  directions: 4,
};

/** Mean and the half-width of its 95 % interval under Student's t, of at least two values. */
export function interval(values: readonly number[]): { mean: number; halfWidth: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (values.length - 1) / values.length);
  // Two-sided 97.5 % quantiles of Student's t for 1 … 9 degrees of freedom.
  const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
  return { mean, halfWidth: (quantiles[values.length - 2] ?? 1.96) * standardError };
}

/** Whether values lie above a threshold in the mean; null where the 95 % interval over them holds it. */
export function isAbove(values: readonly number[], threshold: number): boolean | null {
  const found = interval(values);
  if (Math.abs(found.mean - threshold) <= found.halfWidth) return null;
  return found.mean > threshold;
}

/** Whether values lie at or below a threshold in the mean; null where the 95 % interval over them holds it. */
export function isAtMost(values: readonly number[], threshold: number): boolean | null {
  const above = isAbove(values, threshold);
  return above === null ? null : !above;
}

/** `12.3 ± 4.5`. */
export function withInterval(values: readonly number[]): string {
  const { mean, halfWidth } = interval(values);
  return `${mean.toFixed(1)} ± ${halfWidth.toFixed(1)}`;
}
