/** The Euclidean norm, summed in float64; NaN where any value is NaN. */
export function l2Norm(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
