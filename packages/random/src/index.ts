export type { RandomSource, SecureRandom, SeededRandom } from './source.ts';
export { secureRandom } from './secure.ts';
export { seededRandom } from './seeded.ts';
export { gaussian, shuffle, uniform, uniformInt } from './draws.ts';
