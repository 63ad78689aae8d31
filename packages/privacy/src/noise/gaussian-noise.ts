import { uniform, type RandomSource } from '@roundtable/random';

/**
 * `values` + N(0, noiseStddev²) per coordinate, Box–Muller in double precision from 53-bit uniforms, rounded to float32.
 * Floats leak (Mironov 2012): this is the interim mechanism that an integer release replaces.
 */
export function addGaussianNoise(
  values: Float32Array,
  noiseStddev: number,
  random: RandomSource,
): Float32Array {
  const noised = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 2) {
    const radius = noiseStddev * Math.sqrt(-2 * Math.log(1 - uniform(random)));
    const angle = 2 * Math.PI * uniform(random);
    noised[i] = values[i]! + radius * Math.cos(angle);
    if (i + 1 < values.length) noised[i + 1] = values[i + 1]! + radius * Math.sin(angle);
  }
  return noised;
}
