/** Pearson's statistic of a sample against probabilities, in cells that hold enough of them. */
export interface ChiSquare {
  readonly statistic: number;
  /** Upper 10⁻⁶ point for the number of cells (Wilson and Hilferty 1931, on the large side by 1 %). */
  readonly critical: number;
  readonly cells: number;
}

// Upper 1e-6 point of the standard normal distribution.
const NORMAL_POINT = 4.753424308822899;

function upperPoint(degrees: number): number {
  const part = 2 / (9 * degrees);
  return degrees * (1 - part + NORMAL_POINT * Math.sqrt(part)) ** 3;
}

/**
 * @param sample integers in −reach … reach
 * @param probability of each integer in −reach … reach
 * @param cells most cells, of nearly equal probability
 */
export function chiSquare(
  sample: Iterable<number>,
  probability: (k: number) => number,
  reach: number,
  cells: number,
): ChiSquare {
  const counts = new Float64Array(2 * reach + 1);
  let n = 0;
  for (const k of sample) {
    counts[k + reach]! += 1;
    n += 1;
  }
  let statistic = 0;
  let used = 0;
  let observed = 0;
  let expected = 0;
  let left = 1;
  for (let k = -reach; k <= reach; k += 1) {
    observed += counts[k + reach]!;
    const p = probability(k);
    expected += n * p;
    left -= p;
    // The last cell takes the rest, so that none is too thin.
    if ((expected >= n / cells && left >= 0.5 / cells) || k === reach) {
      statistic += (observed - expected) ** 2 / expected;
      used += 1;
      observed = 0;
      expected = 0;
    }
  }
  return { statistic, critical: upperPoint(used - 1), cells: used };
}
