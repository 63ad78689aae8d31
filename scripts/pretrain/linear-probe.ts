/** One row of features per example, all of one length. */
type Features = readonly Float32Array[];

/** A multinomial logistic regression on standardised features. */
export interface LinearProbe {
  /** The most probable class of each row. */
  predict(features: Features): number[];
}

/**
 * Fits a multinomial logistic regression with an L2 penalty by Nesterov's accelerated gradient from
 * zero, so the result does not depend on chance.
 *
 * @param labels class of each row, 0 … `classes` − 1
 * @param penalty weight of the squared norm beside the mean cross-entropy
 * @throws RangeError for no rows or a different number of labels
 */
export function fitLinearProbe(
  features: Features,
  labels: readonly number[],
  classes: number,
  penalty = 0.003,
): LinearProbe {
  if (features.length === 0 || features.length !== labels.length) {
    throw new RangeError(
      `${features.length} rows of features need as many labels, got ${labels.length}`,
    );
  }
  const scaler = standardiser(features);
  const rows = features.map(scaler);
  const weights = minimise(rows, labels, classes, penalty);
  return {
    predict: (others) => others.map((row) => indexOfLargest(scores(weights, scaler(row), classes))),
  };
}

/** Maps a row to zero mean and unit deviation per feature of the given rows, and appends a 1. */
function standardiser(features: Features): (row: Float32Array) => Float64Array {
  const width = features[0]?.length ?? 0;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (const row of features) {
    row.forEach((value, k) => {
      mean[k]! += value / features.length;
      square[k]! += (value * value) / features.length;
    });
  }
  const deviation = square.map((value, k) => Math.sqrt(Math.max(value - mean[k]! ** 2, 1e-12)));
  return (row) => {
    const result = new Float64Array(width + 1).fill(1);
    for (let k = 0; k < width; k += 1) result[k] = (row[k]! - mean[k]!) / deviation[k]!;
    return result;
  };
}

const STEPS = 250;

function minimise(
  rows: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
  penalty: number,
): Float64Array {
  const width = rows[0]?.length ?? 0;
  let weights = new Float64Array(width * classes);
  let before = weights;
  // The Hessian of the mean cross-entropy is at most half the mean squared row norm (Böhning 1992);
  // on standardised features a step of 8 / width is far above that bound's and was stable.
  const rate = 8 / width;
  for (let step = 1; step <= STEPS; step += 1) {
    const momentum = (step - 1) / (step + 2);
    const ahead = weights.map((value, k) => value + momentum * (value - before[k]!));
    const slope = gradient(ahead, rows, labels, classes, penalty);
    before = weights;
    weights = ahead.map((value, k) => value - rate * slope[k]!);
  }
  return weights;
}

function gradient(
  weights: Float64Array,
  rows: readonly Float64Array[],
  labels: readonly number[],
  classes: number,
  penalty: number,
): Float64Array {
  const slope = weights.map((value) => 2 * penalty * value);
  for (const [index, row] of rows.entries()) {
    const errors = softmax(scores(weights, row, classes));
    errors[labels[index]!]! -= 1;
    for (let c = 0; c < classes; c += 1) {
      const error = errors[c]! / rows.length;
      const offset = c * row.length;
      for (let k = 0; k < row.length; k += 1) slope[offset + k]! += error * row[k]!;
    }
  }
  return slope;
}

function scores(weights: Float64Array, row: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(classes);
  for (let c = 0; c < classes; c += 1) {
    let sum = 0;
    const offset = c * row.length;
    for (let k = 0; k < row.length; k += 1) sum += weights[offset + k]! * row[k]!;
    result[c] = sum;
  }
  return result;
}

function softmax(values: Float64Array): Float64Array {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function indexOfLargest(values: Float64Array): number {
  return values.reduce((best, value, k) => (value > values[best]! ? k : best), 0);
}
