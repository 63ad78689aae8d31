/** 97.5 % quantiles of Student's t with 1, 2, … degrees of freedom; beyond them the normal's 1.96 is near enough. */
const QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean and half-width of its 95 % interval by Student's t; null for a single value. */
export function meanAndHalfWidth(values: readonly number[]): {
  mean: number;
  halfWidth: number | null;
} {
  const mean = meanOf(values);
  const freedom = values.length - 1;
  if (freedom < 1) return { mean, halfWidth: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / freedom / values.length);
  return { mean, halfWidth: (QUANTILES[freedom - 1] ?? 1.96) * standardError };
}
