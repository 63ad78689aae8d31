/** How an example's vector of differences is bounded before examples are summed. */
export interface ScalarClipping {
  /** `l2` for Gaussian noise (DP-AggZO), `l1` for Laplace noise (DP-ZO). */
  readonly norm: 'l2' | 'l1';
  /** C > 0: the norm's bound. */
  readonly bound: number;
}

// The sum of two norms at the bound must not exceed it by the last bit.
const INSIDE = 1 - 2 ** -50;

function normOf(row: Float64Array, norm: ScalarClipping['norm']): number {
  if (norm === 'l1') return row.reduce((sum, value) => sum + Math.abs(value), 0);
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
}

/**
 * v · min(1, C / ‖v‖) in double precision: whatever K is, one example adds one vector of norm at most C (DP-AggZO).
 * @param row [K], finite
 */
export function clipRow(row: Float64Array, { norm, bound }: ScalarClipping): Float64Array {
  const size = normOf(row, norm);
  const factor = size > bound ? (bound / size) * INSIDE : 1;
  return row.map((value) => value * factor);
}

/**
 * Σ of the rows, each clipped where there is a bound.
 * @param rows [examples][K]; none give zeros
 */
export function clippedSum(
  rows: readonly Float64Array[],
  length: number,
  clipping: ScalarClipping | null,
): Float64Array {
  const sum = new Float64Array(length);
  for (const row of rows) {
    const clipped = clipping === null ? row : clipRow(row, clipping);
    for (let j = 0; j < length; j += 1) sum[j]! += clipped[j]!;
  }
  return sum;
}
