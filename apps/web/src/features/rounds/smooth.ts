/**
 * Exponential moving average with the start's bias taken out, as in TensorBoard; gaps stay gaps.
 * @param weight of the past, 0 (none) to below 1
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
}
