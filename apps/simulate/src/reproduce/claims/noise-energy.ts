import { matmul, matrix } from '@roundtable/linalg';
import type { Matrix } from '@roundtable/linalg';
import { seededRandom, uniform, type RandomSource } from '@roundtable/random';
import { normals } from '../toy/normal.ts';

const SIZE = 64;
const RANK = 8;
const DRAWS = 20;

const plus = (x: Matrix, noise: Float64Array): Matrix =>
  matrix(
    x.rows,
    x.cols,
    x.data.map((value, i) => value + noise[i]!),
  );
const energyOfDifference = (x: Matrix, y: Matrix): number =>
  x.data.reduce((sum, value, i) => sum + (value - y.data[i]!) ** 2, 0);

function draw(random: RandomSource, stddev: number): { lora: number; ffa: number } {
  const b = matrix(
    SIZE,
    RANK,
    normals(random, SIZE * RANK).map((value) => 0.05 * value),
  );
  const bound = 1 / Math.sqrt(SIZE);
  const a = matrix(
    RANK,
    SIZE,
    Float64Array.from({ length: RANK * SIZE }, () => (2 * uniform(random) - 1) * bound),
  );
  const noise = (): Float64Array => normals(random, SIZE * RANK).map((value) => stddev * value);
  const noisyB = plus(b, noise());
  const clean = matmul(b, a);
  return {
    lora: energyOfDifference(matmul(noisyB, plus(a, noise())), clean),
    ffa: energyOfDifference(matmul(noisyB, a), clean),
  };
}

/**
 * Energy of the noise in B·A when both factors are noised, over that when only B is: (B+ξ)(A+ζ) has a term ξ·ζ that
 * grows with the square of the noise (FFA-LoRA, arXiv 2403.12313).
 * @param stddev standard deviation of the noise on every entry
 */
export function noiseEnergyRatio(stddev: number): number {
  const random = seededRandom(`noise-energy/${stddev}`);
  let [lora, ffa] = [0, 0];
  for (let i = 0; i < DRAWS; i += 1) {
    const energies = draw(random, stddev);
    lora += energies.lora;
    ffa += energies.ffa;
  }
  return lora / ffa;
}
