import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discreteGaussianTable } from './discrete-gaussian-table.ts';
import { decimalString, normalMass, TABLE_ONE } from './fixed-point.ts';
import type { NoiseTable } from './noise-table.ts';
import { millsDenominator, NORMAL_TAIL_ERROR, normalTail } from './normal-tail.ts';
import { roundedGaussianTable } from './rounded-gaussian-table.ts';
import { roundedLaplaceTable } from './rounded-laplace-table.ts';
import { skellamTable } from './skellam-table.ts';

/** A decimal number, also with an exponent, in units of 2^-96, to nearest. */
function fromDecimal(text: string): bigint {
  const [digits = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const scale = fraction.length - Number(exponent);
  const mantissa = BigInt(whole + fraction) * TABLE_ONE;
  return (2n * mantissa + 10n ** BigInt(scale)) / (2n * 10n ** BigInt(scale));
}
const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
const UNIT = 1n; // 2^-96; two units are 2^-95

interface PmfCase {
  kind: string;
  params: { k: number[]; sigma?: number; variance?: number };
  expected: { pmf: string[] };
}
const folder = process.env['REFERENCE_DATA_DIR'] ?? resolve('../shared/data');
const file = resolve(folder, 'privacy/golden.json');
const isPresent = existsSync(file);

describe.skipIf(!isPresent)(`reference probabilities (${file}; skipped where absent)`, () => {
  const cases = isPresent
    ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: PmfCase[] }).cases
    : [];
  it.each([
    ['skellam_pmf', ({ variance }: PmfCase['params']) => skellamTable(variance!)],
    ['discrete_gaussian_pmf', ({ sigma }: PmfCase['params']) => discreteGaussianTable(sigma!)],
  ] as const)('meets all three %s cases within 2^-95', (kind, tableOf) => {
    const chosen = cases.filter((golden) => golden.kind === kind);
    expect(chosen).toHaveLength(3);
    for (const { params, expected } of chosen) {
      const table = tableOf(params);
      params.k.forEach((k, i) => {
        const off = distance(table.pmf(k), fromDecimal(expected.pmf[i]!));
        expect(off <= 2n * UNIT, `${kind} at ${k}: ${off} units`).toBe(true);
        expect(table.pmf(-k)).toBe(table.pmf(k));
      });
    }
  });
});

describe('normalMass', () => {
  // Φ(t) − ½ from mpmath with 60 digits.
  it.each([
    [1n, 2n, '0.191462461274013103637704610608'],
    [1n, 1n, '0.341344746068542948585232545632'],
    [3n, 1n, '0.498650101968369905473348185232'],
    [13n, 2n, '0.499999999959839994161408821917'],
  ])('of t = %i/%i has 96 correct bits', (numerator, denominator, text) => {
    expect(distance(normalMass(numerator, denominator), fromDecimal(text)) <= UNIT).toBe(true);
  });

  it('is one half, to 96 bits, at 13', () => {
    expect(normalMass(13n, 1n)).toBe(TABLE_ONE / 2n);
  });
});

describe('normalTail', () => {
  it('stays within its stated error of the 96-bit values, from 0 to 14', () => {
    for (let i = 0; i <= 14 * 64; i += 1) {
      const exact = Number(TABLE_ONE / 2n - normalMass(BigInt(i), 64n)) / 2 ** 96;
      expect(Math.abs(normalTail(i / 64) - exact)).toBeLessThan(
        NORMAL_TAIL_ERROR / 2 ** 7 /* 2^-43 */,
      );
    }
  });

  it('has neighboring convergents, which enclose the value, closer than 2^-39 from 2 on', () => {
    for (const t of [2, 2.5, 3, 5, 8]) {
      const gap = Math.abs(1 / millsDenominator(t, 60) - 1 / millsDenominator(t, 59));
      expect(gap).toBeLessThan(2 ** -39);
    }
  });
});

const tables: [string, () => NoiseTable][] = [
  ...[0.3, 0.7, 4, 50, 500.25, 4000].map((sigma): [string, () => NoiseTable] => [
    `rounded Gaussian of ${sigma}`,
    () => roundedGaussianTable(sigma),
  ]),
  ...[0.3, 0.7, 4, 50, 500.25, 4000].map((scale): [string, () => NoiseTable] => [
    `rounded Laplace of ${scale}`,
    () => roundedLaplaceTable(scale),
  ]),
  ...[0.3, 0.7, 4, 500.25].map((sigma): [string, () => NoiseTable] => [
    `discrete Gaussian of ${sigma}`,
    () => discreteGaussianTable(sigma),
  ]),
  ...[0.1, 0.5, 16, 250_000].map((variance): [string, () => NoiseTable] => [
    `Skellam of variance ${variance}`,
    () => skellamTable(variance),
  ]),
];

describe.each(tables)('table of the %s', (_, make) => {
  const table = make();
  const K = table.maxMagnitude;
  /** Everything near both ends and the middle, and a hundred in between. */
  const sample = [
    ...Array.from({ length: 40 }, (__, i) => -K + i),
    ...Array.from({ length: 41 }, (__, i) => i - 20),
    ...Array.from({ length: 40 }, (__, i) => K - i),
    ...Array.from({ length: 100 }, (__, i) => Math.floor((2 * K * i) / 100) - K),
  ].filter((k) => k >= -K && k <= K);

  it('goes from 0 to 1 and never falls', () => {
    expect(table.cumulative(-K - 1)).toBe(0n);
    expect(table.cumulative(K)).toBe(TABLE_ONE);
    for (const k of sample) expect(table.pmf(k) >= 0n).toBe(true);
    expect(table.leadingWords.every((word, i, all) => i === 0 || word >= all[i - 1]!)).toBe(true);
  });

  it('is symmetric', () => {
    for (const k of sample) {
      if (Math.abs(k) < K) expect(table.cumulative(-k - 1)).toBe(TABLE_ONE - table.cumulative(k));
    }
  });

  it('leads with the first word of each boundary or one less', () => {
    for (const k of sample) {
      const word = Number(table.cumulative(k) >> 64n);
      expect([word, word - 1]).toContain(table.leadingWords[k + K]);
    }
  });

  it('states a failure probability of at least 2^-96 per boundary', () => {
    expect(table.failureProbability).toBeGreaterThanOrEqual((2 * K + 1) * 2 ** -96);
    expect(table.failureProbability).toBeLessThan(1e-20);
  });
});

describe('roundedLaplaceTable', () => {
  // e^(−(k + ½)/b)/2 with 60 digits by another program's decimal arithmetic.
  it.each([
    [0, 0.5, '0.183939720585721160797761885080730434'],
    [0, 1, '0.303265329856316711801899767495590227'],
    [3, 2.5, '0.123298481970803238469930619916883817'],
    [100, 16, '0.000935530153232109796156782198225129'],
  ])('has 96 correct bits beyond %i at scale %f', (k, scale, text) => {
    const beyond = TABLE_ONE - roundedLaplaceTable(scale).cumulative(k);
    expect(distance(beyond, fromDecimal(text)) <= UNIT).toBe(true);
  });

  it('falls by e^(−1/b) from each integer to the next', () => {
    const table = roundedLaplaceTable(10);
    const ratio = Math.exp(-1 / 10);
    for (const k of [1, 2, 30, 90]) {
      expect(Number(table.pmf(k + 1)) / Number(table.pmf(k))).toBeCloseTo(ratio, 12);
    }
  });

  it('leaves out less than one unit of 2^-96 beyond its reach', () => {
    expect(Math.exp(-67)).toBeLessThan(2 ** -96);
    expect(roundedLaplaceTable(10).maxMagnitude).toBe(670);
  });

  it('refuses scales for which no table is made', () => {
    expect(() => roundedLaplaceTable(0)).toThrow('noiseScale');
    expect(() => roundedLaplaceTable(2 ** 18)).toThrow('noiseScale');
    expect(() => roundedLaplaceTable(Number.NaN)).toThrow('noiseScale');
  });
});

describe('variance of a table', () => {
  /** Σ k² P(k) in double precision, exact enough for 1e-12. */
  const varianceOf = (table: NoiseTable): number => {
    let sum = 0;
    for (let k = 1; k <= table.maxMagnitude; k += 1) sum += 2 * k * k * Number(table.pmf(k));
    return sum / 2 ** 96;
  };

  it('is μ for Skellam', () => {
    expect(varianceOf(skellamTable(16)) / 16).toBeCloseTo(1, 12);
    expect(varianceOf(skellamTable(2500)) / 2500).toBeCloseTo(1, 12);
    expect(varianceOf(skellamTable(250_000)) / 250_000).toBeCloseTo(1, 12);
  });

  it('is σ² for the discrete Gaussian and σ² + 1/12 for the rounded one (Sheppard), from σ = 4 on', () => {
    expect(varianceOf(discreteGaussianTable(4)) / 16).toBeCloseTo(1, 12);
    expect(varianceOf(roundedGaussianTable(4)) / (16 + 1 / 12)).toBeCloseTo(1, 12);
  });
});

describe('variance of the rounded Laplace', () => {
  it('is the closed sum of k²·sinh(1/2b)·e^(−|k|/b)', () => {
    for (const scale of [0.7, 4, 50]) {
      const table = roundedLaplaceTable(scale);
      let sum = 0;
      for (let k = 1; k <= table.maxMagnitude; k += 1) sum += 2 * k * k * Number(table.pmf(k));
      const x = Math.exp(-1 / scale);
      // Σ k² x^k = x(1 + x)/(1 − x)³.
      const closed = (2 * Math.sinh(1 / (2 * scale)) * x * (1 + x)) / (1 - x) ** 3;
      expect(sum / 2 ** 96 / closed).toBeCloseTo(1, 10);
    }
  });
});

describe('decimalString', () => {
  it('writes probabilities in full', () => {
    expect(decimalString(TABLE_ONE / 4n)).toBe('0.2500000000000000000000000000000');
    expect(decimalString(1n)).toBe('0.0000000000000000000000000000126');
  });
});

describe('table limits', () => {
  it('refuses deviations for which no table is made', () => {
    expect(() => roundedGaussianTable(0)).toThrow('noiseStddev');
    expect(() => roundedGaussianTable(2 ** 21)).toThrow('noiseStddev');
    expect(() => discreteGaussianTable(Number.NaN)).toThrow('noiseStddev');
    expect(() => discreteGaussianTable(2 ** 16)).toThrow('noiseStddev');
    expect(() => skellamTable(2 ** 31)).toThrow('variance');
  });
});
