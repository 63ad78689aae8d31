import fc from 'fast-check';
import { seededRandom, shuffle } from '@roundtable/random';
import { describe, expect, it } from 'vitest';
import { meanAggregator } from './aggregator.ts';

const limits = { maxAbs: 4, maxTotalWeight: 1_000 };
const vector = fc.float32Array({ minLength: 3, maxLength: 3, min: -4, max: 4, noNaN: true });
const updates = fc.array(fc.tuple(vector, fc.integer({ min: 1, max: 50 })), {
  minLength: 1,
  maxLength: 20,
});

function meanOf(items: [Float32Array, number][]): Float64Array {
  const aggregator = meanAggregator(3, limits);
  for (const [update, weight] of items) aggregator.add(update, weight);
  return aggregator.result();
}

describe('meanAggregator', () => {
  it('gives the same bits in any order of arrival', () => {
    fc.assert(
      fc.property(updates, fc.string(), (items, seed) => {
        const bits = (values: Float64Array) => [...new BigUint64Array(values.buffer)];
        expect(bits(meanOf(shuffle(seededRandom(seed), items)))).toEqual(bits(meanOf(items)));
      }),
    );
  });

  it('is the weighted mean to 2^-39', () => {
    // 2 bits for ±4 and 10 for the weights leave 53 − 2 − 12 = 39 binary places
    fc.assert(
      fc.property(updates, (items) => {
        const total = items.reduce((sum, [, weight]) => sum + weight, 0);
        const mean = meanOf(items);
        for (let i = 0; i < 3; i += 1) {
          const exact = items.reduce((sum, [u, weight]) => sum + (u[i]! * weight) / total, 0);
          expect(Math.abs(mean[i]! - exact)).toBeLessThanOrEqual(2 ** -39);
        }
      }),
    );
  });

  it('weighs an update of weight 3 as three updates of weight 1', () => {
    const [a, b] = [Float32Array.of(1, -2, 0.5), Float32Array.of(0.25, 4, -4)];
    expect(
      meanOf([
        [a, 3],
        [b, 1],
      ]),
    ).toEqual(
      meanOf([
        [a, 1],
        [b, 1],
        [a, 1],
        [a, 1],
      ]),
    );
  });

  it('stays exact at the limits it was made for', () => {
    const aggregator = meanAggregator(1, { maxAbs: 50, maxTotalWeight: 100_000 });
    for (let i = 0; i < 100_000; i += 1) aggregator.add(Float32Array.of(i % 2 === 0 ? 50 : 49), 1);
    expect(aggregator.result()[0]).toBe(49.5);
  });

  it.each([
    ['NaN', Float32Array.of(0, NaN, 0), 1, /update\[1\] must be within/],
    ['an infinity', Float32Array.of(0, 0, -Infinity), 1, /update\[2\] must be within/],
    ['a value above the bound', Float32Array.of(4.5, 0, 0), 1, /update\[0\] must be within ±4/],
    ['a wrong length', new Float32Array(2), 1, /update must have 3 values, got 2/],
    ['weight 0', new Float32Array(3), 0, /weight must be an integer in 1/],
    ['a fractional weight', new Float32Array(3), 1.5, /weight must be an integer/],
    ['more weight than was planned', new Float32Array(3), 1_000, /weight must be an integer/],
  ])('refuses %s and is left as it was', (_, update, weight, message) => {
    const aggregator = meanAggregator(3, limits);
    aggregator.add(Float32Array.of(1, 2, 3), 2);
    expect(() => {
      aggregator.add(update, weight);
    }).toThrow(message);
    expect([aggregator.count, ...aggregator.result()]).toEqual([1, 1, 2, 3]);
  });

  it('has no mean of nothing', () => {
    expect(() => meanAggregator(3, limits).result()).toThrow(/count must be ≥ 1/);
  });

  it.each([
    [{ maxAbs: 0, maxTotalWeight: 1 }, /maxAbs must be finite and > 0/],
    [{ maxAbs: Infinity, maxTotalWeight: 1 }, /maxAbs must be finite/],
    [{ maxAbs: 1, maxTotalWeight: 2 ** 33 }, /maxTotalWeight must be an integer/],
    [{ maxAbs: 2 ** 30, maxTotalWeight: 2 ** 30 }, /must be below 2\^51/],
  ])('refuses limits %j', (bad, message) => {
    expect(() => meanAggregator(3, bad)).toThrow(message);
  });
});
