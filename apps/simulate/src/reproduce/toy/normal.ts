import { uniform, type RandomSource } from '@roundtable/random';

/** A standard normal number from a seeded source (Box–Muller): for simulation, never for privacy. */
export function normal(random: RandomSource): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}

/** `count` independent numbers of {@link normal}. */
export function normals(random: RandomSource, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => normal(random));
}
