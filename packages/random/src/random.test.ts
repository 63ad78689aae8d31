import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, shuffle, uniform, uniformInt } from './draws.ts';
import { secureRandom } from './secure.ts';
import { seededRandom } from './seeded.ts';

describe('seededRandom', () => {
  it('repeats its words for an equal seed and differs for another', () => {
    const words = (seed: string) => {
      const out = new Uint32Array(8);
      seededRandom(seed).fillUint32(out);
      return [...out];
    };
    expect(words('a')).toEqual(words('a'));
    expect(words('a')).not.toEqual(words('b'));
    expect(words('ab')).not.toEqual(words('ba'));
  });

  it('fills each of 16 equal cells within the chi-square bound at alpha 1e-6', () => {
    const random = seededRandom('chi-square');
    const counts = new Array<number>(16).fill(0);
    const n = 160_000;
    for (let i = 0; i < n; i += 1) counts[random.nextUint32() >>> 28]! += 1;
    const expected = n / 16;
    const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(statistic).toBeLessThan(56.5); // 15 degrees of freedom, upper 1e-6 point
  });
});

describe('secureRandom', () => {
  it('fills more words than one getRandomValues call can', () => {
    const words = new Uint32Array(40_000);
    secureRandom().fillUint32(words);
    // 40,000 zero words in a row in any third of the array would have probability below 2^-400,000.
    expect(words.subarray(0, 10_000).some((word) => word !== 0)).toBe(true);
    expect(words.subarray(30_000).some((word) => word !== 0)).toBe(true);
  });

  it('gives different words on each draw from its pool', () => {
    const random = secureRandom();
    const drawn = new Set(Array.from({ length: 3_000 }, () => random.nextUint32()));
    expect(drawn.size).toBeGreaterThan(2_990); // 3,000 words collide at most twice but for probability 1e-9
  });
});

describe('draws', () => {
  it('keeps uniformInt inside its bound', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 4_294_967_296 }), (seed, bound) => {
        const value = uniformInt(seededRandom(seed), bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
  });

  it('refuses a bound of zero by name', () => {
    expect(() => uniformInt(seededRandom('x'), 0)).toThrow(/bound must be an integer in 1/);
  });

  it('shuffles without losing or doubling an item', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer()), (seed, items) => {
        const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
        expect(sorted(shuffle(seededRandom(seed), items))).toEqual(sorted(items));
      }),
    );
  });

  it('draws normals of mean 0 and standard deviation 1', () => {
    const random = seededRandom('normal');
    const n = 100_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i += 1) {
      const x = gaussian(random);
      sum += x;
      squares += x * x;
    }
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n)); // five standard errors
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it('draws uniforms below 1', () => {
    const random = seededRandom('uniform');
    for (let i = 0; i < 1_000; i += 1) expect(uniform(random)).toBeLessThan(1);
  });
});
