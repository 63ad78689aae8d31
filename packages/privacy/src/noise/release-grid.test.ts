import { seededRandom, uniform } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipSlack, longestSumChain, MAX_NORM_CHAIN } from './clip-slack.ts';
import { ditheredRounding, roundWithDither } from './dither.ts';
import { releaseGrid } from './release-grid.ts';

const settings = { clippingNorm: 1, noiseMultiplier: 1, length: 16_384, exampleCap: 256 };
function norm(values: Float64Array | Int32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

describe('clipSlack', () => {
  it('covers both sums, the company and the norms: (1 + 2^-11)·(1 + (2·(m + 3)·2^-23 + 2^-18)·cap) − 1', () => {
    // m = ⌊(.0045 − 2^-18·256)/(2·2^-23·256) − 3⌋ = ⌊54.7⌋
    expect(longestSumChain(256)).toBe(54);
    const sum = (2 * 57 * 2 ** -23 + 2 ** -18) * 256;
    expect(clipSlack(256)).toBeCloseTo((1 + 2 ** -11) * (1 + sum) - 1, 15);
  });

  it('stays below 0.5 % up to caps of 600 examples', () => {
    for (const cap of [1, 2, 10, 64, 100, 256, 600]) {
      expect(clipSlack(cap)).toBeGreaterThan(2 ** -11);
      expect(clipSlack(cap)).toBeLessThan(0.005);
    }
  });

  it('never asks for fewer than 12 additions of more examples, and says what that costs', () => {
    expect(longestSumChain(5)).toBe(5);
    expect(longestSumChain(100_000)).toBe(12);
    expect(clipSlack(100_000)).toBeCloseTo((2 * 15 * 2 ** -23 + 2 ** -18) * 100_000, 2);
  });

  it('covers the error of float32 sums of clipped vectors that all point the same way, the worst case', () => {
    const cap = 64;
    const micro = longestSumChain(cap);
    const random = seededRandom('same way');
    for (let trial = 0; trial < 200; trial += 1) {
      const value = Math.fround(0.1 + uniform(random));
      let exact = 0;
      let total = 0;
      for (let start = 0; start < cap; start += micro) {
        let sum = 0;
        for (let i = start; i < Math.min(cap, start + micro); i += 1) {
          sum = Math.fround(sum + value);
          exact += value;
        }
        total += sum;
      }
      // One side's share of the slack, without the norms'.
      expect(Math.abs(total - exact)).toBeLessThan(((clipSlack(cap) - 2 ** -11) / 2) * value);
    }
  });

  it('leaves room for norms over the widest layers in use', () => {
    expect(MAX_NORM_CHAIN).toBe(8_192);
  });
});

describe('releaseGrid', () => {
  it('has the sensitivity of the formula, worked by hand', () => {
    // C = 1 on 16,384 values: C' = 1.00496; γ = 2^-11 gives c = 2058, D₂² = c² + 4096 + 7.434·(c + 64).
    const grid = releaseGrid(settings);
    expect(grid.gridStep).toBe(2 ** -11);
    const c = 2048 * (1 + clipSlack(256));
    expect(grid.clippingUnits).toBe(c);
    expect(grid.sensitivity).toBeCloseTo(Math.sqrt(c * c + 4096 + 7.434 * (c + 64)), 3);
    expect(grid.noiseStddev).toBe(grid.sensitivity);
    expect(grid.maxMagnitude).toBe(Math.ceil(c) + 1 + Math.ceil(13 * grid.noiseStddev));
    expect(grid.bytesPerValue).toBe(2);
  });

  it('has the deviation of a failure of 1e-12', () => {
    expect(7.434).toBeGreaterThan(Math.sqrt(2 * Math.log(1e12)));
    expect(7.434).toBeLessThan(Math.sqrt(2 * Math.log(1e12)) + 1e-3);
  });

  it('costs at most 1 % of noise, keeps four units of it, and is a power of two in all of the settings', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 600 }),
        (clippingNorm, noiseMultiplier, length, exampleCap) => {
          const grid = releaseGrid({ clippingNorm, noiseMultiplier, length, exampleCap });
          expect(grid.sensitivity * grid.gridStep).toBeLessThanOrEqual(1.01 * clippingNorm);
          expect(grid.sensitivity * grid.gridStep).toBeGreaterThan(clippingNorm);
          expect(grid.noiseStddev).toBeGreaterThanOrEqual(4);
          expect(Number.isInteger(Math.log2(grid.gridStep))).toBe(true);
          expect(grid.sensitivity).toBeLessThanOrEqual(grid.hardSensitivity);
        },
      ),
    );
  });

  it('scales with the clip: a clip twice as large has a step twice as large', () => {
    const grid = releaseGrid(settings);
    const twice = releaseGrid({ ...settings, clippingNorm: 2 });
    expect(twice).toEqual({ ...grid, gridStep: 2 * grid.gridStep });
  });

  it('refuses what would not fit: noise beyond every table, sums beyond 32 bits', () => {
    expect(() => releaseGrid({ ...settings, noiseMultiplier: 1e6 })).toThrow('noiseMultiplier');
    expect(() => releaseGrid({ ...settings, exampleCap: 1e7 })).toThrow('exampleCap');
    expect(() => releaseGrid({ ...settings, clippingNorm: Infinity })).toThrow('clippingNorm');
    expect(() => releaseGrid({ ...settings, noiseMultiplier: 0 })).toThrow('noiseMultiplier');
  });
});

describe('releaseGrid of Laplace noise', () => {
  const laplace = {
    clippingNorm: 1,
    noiseMultiplier: 2,
    length: 16,
    exampleCap: 256,
    noise: 'laplace',
  } as const;

  it('has the sensitivity of the formula, worked by hand', () => {
    // C = 1 on 16 values: 100·16 ≤ c wants γ = 2^-11; D = c + 16, noise of scale 2·D, standard deviation 2√2·D.
    const grid = releaseGrid(laplace);
    const c = 2048 * (1 + clipSlack(256));
    expect(grid).toMatchObject({ gridStep: 2 ** -11, clippingUnits: c, roundingFailure: 0 });
    expect([grid.sensitivity, grid.hardSensitivity]).toEqual([c + 16, c + 16]);
    expect(grid.noiseScale).toBe(2 * (c + 16));
    expect(grid.noiseStddev).toBe(Math.SQRT2 * 2 * (c + 16));
    expect(grid.maxMagnitude).toBe(Math.ceil(c) + 1 + Math.ceil(67 * 2 * (c + 16)));
    expect(grid.maxSumMagnitude).toBe(
      Math.ceil(256 * c * (1 + 1e-9)) + 1 + Math.ceil(134 * (c + 16)),
    );
    expect([grid.bytesPerValue, grid.sumBytesPerValue]).toEqual([3, 3]);
  });

  it('costs at most 1.5 % of noise, slack and all, and keeps four units of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 600 }),
        (clippingNorm, noiseMultiplier, length, exampleCap) => {
          const settingsOf = { clippingNorm, noiseMultiplier, length, exampleCap };
          const grid = releaseGrid({ ...settingsOf, noise: 'laplace' });
          expect(grid.sensitivity * grid.gridStep).toBeLessThanOrEqual(1.015 * clippingNorm);
          expect(grid.sensitivity * grid.gridStep).toBeGreaterThan(clippingNorm);
          expect(grid.noiseScale).toBeGreaterThanOrEqual(4);
          expect(grid.maxSumMagnitude).toBeGreaterThanOrEqual(grid.maxMagnitude);
        },
      ),
    );
  });

  it('refuses noise beyond its table, and says how much would do', () => {
    expect(() => releaseGrid({ ...laplace, noiseMultiplier: 200 })).toThrow(
      'noiseMultiplier must be at most 63.',
    );
  });
});

describe('sums of many clipped vectors', () => {
  it('have bounds of their own: as many times c, and one reach of noise', () => {
    const grid = releaseGrid({ ...settings, length: 16 });
    const alone = releaseGrid({ ...settings, length: 16, exampleCap: 1 });
    expect(grid.maxSumMagnitude - grid.maxMagnitude).toBeGreaterThan(254 * grid.clippingUnits);
    expect(grid.maxSumMagnitude - grid.maxMagnitude).toBeLessThan(256 * grid.clippingUnits);
    expect(alone.maxSumMagnitude).toBe(alone.maxMagnitude);
  });
});

describe('roundWithDither', () => {
  /** ⌊x + word/2^32⌋ in exact integers: x = m·2^-e. */
  const exactly = (x: number, word: number): number => {
    let mantissa = x;
    let bits = 0n;
    while (!Number.isInteger(mantissa)) {
      mantissa *= 2;
      bits += 1n;
    }
    const sum = (BigInt(mantissa) << 32n) + (BigInt(word) << bits);
    const scale = bits + 32n;
    return Number(sum >> scale);
  };

  it('is ⌊x + u⌋ to the last bit, by integer arithmetic', () => {
    const x = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: -1e-9, max: 1e-9, noNaN: true }),
    );
    const word = fc.oneof(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.constantFrom(0, 1, 0xfffffffe, 0xffffffff),
    );
    fc.assert(
      fc.property(x, word, (value, dither) => {
        expect(roundWithDither(value, dither)).toBe(exactly(value, dither));
      }),
      { numRuns: 2_000 },
    );
  });

  it('settles the cases at the edge of a double: one part in 2^80 decides', () => {
    const almost = 2 ** -32 - 2 ** -80;
    expect(roundWithDither(almost, 0xffffffff)).toBe(0);
    expect(roundWithDither(2 ** -32, 0xffffffff)).toBe(1);
    expect(roundWithDither(-1e-20, 0)).toBe(-1);
    expect(roundWithDither(-1e-20, 1)).toBe(0);
    expect(roundWithDither(-(2 ** -32) - 2 ** -80, 1)).toBe(-1);
  });

  it('is unbiased', () => {
    const n = 100_000;
    const out = ditheredRounding(seededRandom('unbiased')).round(new Float64Array(n).fill(-2.3), 1);
    const mean = out.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean + 2.3)).toBeLessThan(6 * Math.sqrt((0.3 * 0.7) / n));
  });
});

describe('neighboring sums rounded with the same dither', () => {
  it.each([
    { length: 30, noiseMultiplier: 1 },
    { length: 2_000, noiseMultiplier: 1 },
    { length: 2_000, noiseMultiplier: 1e-3 },
  ])('differ by at most D₂ in 1,000 trials: $length values', ({ length, noiseMultiplier }) => {
    const grid = releaseGrid({ clippingNorm: 1, noiseMultiplier, length, exampleCap: 8 });
    const random = seededRandom(`neighbors/${length}`);
    const reach = grid.clippingUnits * grid.gridStep;
    const vector = (size: number, isSparse: boolean): Float64Array => {
      const raw = Float64Array.from({ length }, () =>
        isSparse && uniform(random) > 0.02 ? 0 : uniform(random) - 0.5,
      );
      raw[0] = 1;
      const factor = size / norm(raw);
      return raw.map((value) => value * factor);
    };
    let largest = 0;
    for (let trial = 0; trial < 1_000; trial += 1) {
      const sum = vector(5 * uniform(random), false);
      // The whole of the bound, also in the worst direction: one coordinate, few, or all of them.
      const added = vector(reach, trial % 2 === 0);
      const neighbor = sum.map((value, i) => value + added[i]!);
      const seed = `dither/${trial}`;
      const one = ditheredRounding(seededRandom(seed)).round(sum, grid.gridStep);
      const other = ditheredRounding(seededRandom(seed)).round(neighbor, grid.gridStep);
      const difference = norm(one.map((value, i) => value - other[i]!));
      expect(difference).toBeLessThanOrEqual(grid.hardSensitivity);
      largest = Math.max(largest, difference);
    }
    // β = 1e-12 a trial: not once in 1,000.
    expect(largest).toBeLessThanOrEqual(grid.sensitivity);
    expect(largest).toBeGreaterThan(grid.clippingUnits * 0.999);
  });
});
