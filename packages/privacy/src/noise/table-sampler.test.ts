import { seededRandom, type RandomSource } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../accounting/error-function.ts';
import {
  chiSquare,
  exactDiscreteGaussian,
  exactRoundedGaussian,
  exactRoundedLaplace,
} from '../testing/index.ts';
import { discreteGaussianTable } from './discrete-gaussian-table.ts';
import type { NoiseTable } from './noise-table.ts';
import { roundedGaussianTable } from './rounded-gaussian-table.ts';
import { roundedLaplaceTable } from './rounded-laplace-table.ts';
import { skellamTable } from './skellam-table.ts';
import { tableSampler } from './table-sampler.ts';

const draws = 500_000;
const sample = (table: NoiseTable, seed: string, n = draws): Int32Array => {
  const out = new Int32Array(n);
  tableSampler(table, seededRandom(seed)).fill(out);
  return out;
};

/** P(k) in double precision by a way that shares nothing with the tables. */
const roundedPmf = (sigma: number) => (k: number) =>
  normalCdf((0.5 - Math.abs(k)) / sigma) - normalCdf((-0.5 - Math.abs(k)) / sigma);
const discretePmf = (sigma: number) => {
  const weight = (k: number) => Math.exp((-k * k) / (2 * sigma * sigma));
  let total = 1;
  for (let k = 1; k < 40 * sigma + 10; k += 1) total += 2 * weight(k);
  return (k: number) => weight(k) / total;
};
/** ∫ of the density over each cell, by Simpson's rule; the middle one from its two halves. */
const laplacePmf = (scale: number) => (k: number) => {
  const from = k === 0 ? 0 : Math.abs(k) - 0.5;
  const density = (x: number) => Math.exp(-x / scale) / (2 * scale);
  const cells = 64;
  const width = (Math.abs(k) + 0.5 - from) / cells;
  let sum = 0;
  for (let i = 0; i < cells; i += 1) {
    const x = from + i * width;
    sum += (width / 6) * (density(x) + 4 * density(x + width / 2) + density(x + width));
  }
  return k === 0 ? 2 * sum : sum;
};
/** Σ_j Poisson(j + |k|)·Poisson(j), each of mean μ/2. */
const skellamPmf = (variance: number) => {
  const mean = variance / 2;
  const reach = Math.ceil(mean + 20 * Math.sqrt(mean) + 40);
  const poisson = [Math.exp(-mean)];
  // Large means underflow from 0 up: start at the mode and normalize.
  const mode = Math.floor(mean);
  poisson[mode] = 1;
  for (let j = mode + 1; j <= reach; j += 1) poisson[j] = (poisson[j - 1]! * mean) / j;
  for (let j = mode - 1; j >= 0; j -= 1) poisson[j] = (poisson[j + 1]! * (j + 1)) / mean;
  const total = poisson.reduce((a, b) => a + b, 0);
  return (k: number) => {
    let sum = 0;
    for (let j = 0; j + Math.abs(k) <= reach; j += 1)
      sum += poisson[j]! * poisson[j + Math.abs(k)]!;
    return sum / total ** 2;
  };
};

interface Noise {
  name: string;
  table: NoiseTable;
  pmf: (k: number) => number;
}
const noises: Noise[] = [
  ...[0.7, 4, 50, 500, 4000].map((sigma) => ({
    name: `rounded Gaussian of ${sigma}`,
    table: roundedGaussianTable(sigma),
    pmf: roundedPmf(sigma),
  })),
  ...[0.7, 4, 50, 500, 4000].map((sigma) => ({
    name: `discrete Gaussian of ${sigma}`,
    table: discreteGaussianTable(sigma),
    pmf: discretePmf(sigma),
  })),
  ...[0.7, 4, 50, 500, 2000].map((scale) => ({
    name: `rounded Laplace of scale ${scale}`,
    table: roundedLaplaceTable(scale),
    pmf: laplacePmf(scale),
  })),
  ...[0.7, 4, 50].map((sigma) => ({
    name: `Skellam of standard deviation ${sigma}`,
    table: skellamTable(sigma ** 2),
    pmf: skellamPmf(sigma ** 2),
  })),
];

/** √Σ k²P(k) and Σ k⁴P(k)/(Σ k²P(k))² by the other method's probabilities. */
function momentsOf({ table, pmf }: Noise): { stddev: number; kurtosis: number } {
  let second = 0;
  let fourth = 0;
  for (let k = table.maxMagnitude; k >= 1; k -= 1) {
    const probability = 2 * pmf(k);
    second += k ** 2 * probability;
    fourth += k ** 4 * probability;
  }
  return { stddev: Math.sqrt(second), kurtosis: fourth / second ** 2 };
}

describe.each(noises)('draws of the $name', (noise) => {
  const { name, table, pmf } = noise;
  const values = sample(table, name);
  const { stddev, kurtosis } = momentsOf(noise);

  it('meet the probabilities of another method: chi-square, 500,000 draws, α = 1e-6', () => {
    const { statistic, critical, cells } = chiSquare(values, pmf, table.maxMagnitude, 40);
    // Cells hold at least a fortieth each: 39 degrees of freedom have their critical value at 96.1, 15 at 56.5.
    expect(cells).toBeGreaterThanOrEqual(stddev < 1.5 ? 3 : 16);
    expect(statistic).toBeLessThan(critical);
  });

  it('have the mean and the standard deviation, within six standard errors', () => {
    let sum = 0;
    let squares = 0;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / draws)).toBeLessThan((6 * stddev) / Math.sqrt(draws));
    const error = Math.sqrt((kurtosis - 1) / draws);
    expect(Math.abs(squares / draws / stddev ** 2 - 1)).toBeLessThan(6 * error);
  });

  it('reach beyond three and four standard deviations as often as they should', () => {
    for (const deviations of [3, 4]) {
      const from = Math.ceil(deviations * stddev);
      let probability = 0;
      for (let k = table.maxMagnitude; k >= from; k -= 1) probability += 2 * pmf(k);
      const beyond = values.filter((value) => Math.abs(value) >= from).length;
      const expected = draws * probability;
      expect(Math.abs(beyond - expected)).toBeLessThan(6 * Math.sqrt(expected) + 6);
    }
  });
});

describe('exact rejection samplers, which know no table,', () => {
  const n = 20_000;
  it.each([
    ['1/2', 1n, 2n],
    ['16', 16n, 1n],
    ['2500', 2500n, 1n],
  ])(
    'draw the discrete Gaussian of variance %s as its table says',
    (name, numerator, denominator) => {
      const random = seededRandom(`exact/${name}`);
      const exact = Array.from({ length: n }, () =>
        exactDiscreteGaussian(random, { numerator, denominator }),
      );
      const sigma = Math.sqrt(Number(numerator) / Number(denominator));
      const table = discreteGaussianTable(sigma);
      const pmf = (k: number) => Number(table.pmf(k)) / 2 ** 96;
      const { statistic, critical } = chiSquare(exact, pmf, table.maxMagnitude, 20);
      expect(statistic).toBeLessThan(critical);
    },
  );

  it.each([
    ['1/2', 1n, 2n],
    ['16', 16n, 1n],
    ['2500', 2500n, 1n],
  ])(
    'draw the rounded Gaussian of variance %s as its table says',
    (name, numerator, denominator) => {
      const random = seededRandom(`rounded/${name}`);
      const exact = Array.from({ length: n }, () =>
        exactRoundedGaussian(random, { numerator, denominator }),
      );
      const table = roundedGaussianTable(Math.sqrt(Number(numerator) / Number(denominator)));
      const pmf = (k: number) => Number(table.pmf(k)) / 2 ** 96;
      const { statistic, critical } = chiSquare(exact, pmf, table.maxMagnitude, 20);
      expect(statistic).toBeLessThan(critical);
    },
  );

  it.each([
    ['1/2', 1n, 2n],
    ['4', 4n, 1n],
    ['50.5', 101n, 2n],
  ])('draw the rounded Laplace of scale %s as its table says', (name, numerator, denominator) => {
    const random = seededRandom(`laplace/${name}`);
    const exact = Array.from({ length: n }, () =>
      exactRoundedLaplace(random, { numerator, denominator }),
    );
    const table = roundedLaplaceTable(Number(numerator) / Number(denominator));
    const pmf = (k: number) => Number(table.pmf(k)) / 2 ** 96;
    const { statistic, critical } = chiSquare(exact, pmf, 80 * table.maxMagnitude, 20);
    expect(statistic).toBeLessThan(critical);
  });
});

describe('chi-square test of this file', () => {
  it('catches a standard deviation that is 1 % wrong', () => {
    const { statistic, critical } = chiSquare(
      sample(roundedGaussianTable(50.5), 'wrong'),
      roundedPmf(50),
      roundedGaussianTable(50.5).maxMagnitude,
      40,
    );
    expect(statistic).toBeGreaterThan(critical);
  });

  it('catches a Laplace scale that is 2 % wrong, and a Gaussian of the same variance', () => {
    const reach = roundedLaplaceTable(51).maxMagnitude;
    const wrongScale = sample(roundedLaplaceTable(51), 'wrong scale');
    const wrongKind = sample(roundedGaussianTable(50 * Math.SQRT2), 'wrong kind');
    for (const values of [wrongScale, wrongKind]) {
      const { statistic, critical } = chiSquare(values, laplacePmf(50), reach, 40);
      expect(statistic).toBeGreaterThan(critical);
    }
  });

  it('catches Gaussian noise where Skellam noise was said', () => {
    const { statistic, critical } = chiSquare(
      sample(discreteGaussianTable(2), 'other'),
      skellamPmf(4),
      60,
      60,
    );
    expect(statistic).toBeGreaterThan(critical);
  });
});

/** Hands out the given words, then words that tie with nothing. */
function scripted(words: readonly number[]): RandomSource {
  return {
    kind: 'seeded',
    nextUint32: () => 0,
    fillUint32: (out) => {
      for (let i = 0; i < out.length; i += 1) out[i] = words[i] ?? 0x5bd1e995 + i;
    },
  };
}

/** The smallest k with U < F(k), by comparing all 96 bits with every boundary. */
function slowInverse(table: NoiseTable, [high, middle, low]: readonly number[]): number {
  const drawn = (BigInt(high!) << 64n) | (BigInt(middle!) << 32n) | BigInt(low!);
  let k = -table.maxMagnitude;
  while (drawn >= table.cumulative(k)) k += 1;
  return k;
}

describe('tableSampler', () => {
  const tables = [
    roundedGaussianTable(7.3),
    discreteGaussianTable(5),
    skellamTable(12.5),
    roundedLaplaceTable(2.2),
  ];
  const drawOne = (table: NoiseTable, words: readonly number[]): number => {
    const out = new Int32Array(1);
    tableSampler(table, scripted(words)).fill(out);
    return out[0]!;
  };
  const word = fc.integer({ min: 0, max: 0xffffffff });

  it.each(tables.map((table, i) => [i, table] as const))(
    'inverts table %i as the slow way does, whatever the words',
    (_, table) => {
      fc.assert(
        fc.property(word, word, word, (...words) => {
          expect(drawOne(table, words)).toBe(slowInverse(table, words));
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each(tables.map((table, i) => [i, table] as const))(
    'settles ties with boundaries of table %i to the last of 96 bits',
    (_, table) => {
      for (let k = -table.maxMagnitude; k < table.maxMagnitude; k += 1) {
        for (const step of [-1n, 0n, 1n]) {
          const drawn = table.cumulative(k) + step;
          if (drawn < 0n || drawn >= 1n << 96n) continue;
          const words = [drawn >> 64n, (drawn >> 32n) & 0xffffffffn, drawn & 0xffffffffn].map(
            Number,
          );
          expect(drawOne(table, words)).toBe(slowInverse(table, words));
        }
      }
    },
  );

  it('repeats its draws for an equal seed, in whatever portions of blocks', () => {
    const table = roundedGaussianTable(500);
    const whole = sample(table, 'portions', 40_000);
    expect(sample(table, 'portions', 40_000)).toEqual(whole);
    expect(sample(table, 'others', 40_000)).not.toEqual(whole);
  });
});
