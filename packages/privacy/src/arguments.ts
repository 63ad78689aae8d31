/** Throws a RangeError that names argument, value and bound unless `isInside`. */
export function requireRange(name: string, value: number, isInside: boolean, bound: string): void {
  if (!isInside) throw new RangeError(`${name} must be ${bound}, got ${value}`);
}

/** Refuses a sampling rate outside [0, 1] and a noise multiplier that is negative or not finite. */
export function requireGaussian(samplingRate: number, noiseMultiplier: number): void {
  requireRange('samplingRate', samplingRate, samplingRate >= 0 && samplingRate <= 1, 'in [0, 1]');
  requireRange(
    'noiseMultiplier',
    noiseMultiplier,
    noiseMultiplier >= 0 && noiseMultiplier < Infinity,
    'finite and at least 0',
  );
}

/** Refuses a δ outside (0, 1). */
export function requireDelta(delta: number): void {
  requireRange('delta', delta, delta > 0 && delta < 1, 'in (0, 1)');
}
