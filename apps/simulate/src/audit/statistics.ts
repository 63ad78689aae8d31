/** Probability with which one test of an honest build fails. */
export const ALPHA = 1e-6;
/** Upper ALPHA point of the standard normal distribution, and the point for two sides. */
export const ONE_SIDED = 4.753424;
export const TWO_SIDED = 4.891638;
/** Cells of the χ² test, and its upper ALPHA point with one degree of freedom less. */
export const CELLS = 32;
export const CHI_SQUARE_31 = 83.642516;

// Simpson's rule is then exact to the last digits of a double.
const PANELS_PER_UNIT = 1_024;

/** Φ(t) by Simpson's rule over the density: another way than the sampler's tables. */
export function normalDistribution(t: number): number {
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const panels = 2 * Math.max(1, Math.ceil((Math.abs(t) * PANELS_PER_UNIT) / 2));
  const width = t / panels;
  let sum = density(0) + density(t);
  for (let i = 1; i < panels; i += 1) sum += (i % 2 === 1 ? 4 : 2) * density(i * width);
  return 0.5 + (sum * width) / 3;
}

/** The point below which a share of the standard normal distribution lies. */
export function normalQuantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of the squares: the variance where the mean is known to be zero. */
export function meanSquare(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

/** Correlation of the pairs (values[i], values[i + lag]) for the `i` that `isPaired` takes; means are taken as zero. */
export function lagCorrelation(
  values: Float64Array,
  lag: number,
  isPaired: (i: number) => boolean = () => true,
): { correlation: number; pairs: number } {
  let products = 0;
  let pairs = 0;
  for (let i = 0; i + lag < values.length; i += 1) {
    if (!isPaired(i)) continue;
    products += values[i]! * values[i + lag]!;
    pairs += 1;
  }
  const square = meanSquare(values);
  return { correlation: square === 0 ? 0 : products / pairs / square, pairs };
}
