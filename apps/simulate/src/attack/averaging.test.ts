import { describe, expect, it } from 'vitest';
import type { AdapterWeights } from '@roundtable/lora';
import { decodeCodebook, encodeCodebook } from '@roundtable/quantize';
import { seededRandom, uniform } from '@roundtable/random';
import { averageOf, averagingAttack, relativeDistance } from './averaging.ts';

const adapter = (b: readonly number[]): AdapterWeights => ({
  loraA: [Float32Array.of(1, 1)],
  loraB: [Float32Array.from(b)],
});
const score = (weights: AdapterWeights) =>
  Promise.resolve({ accuracy: 0, loss: weights.loraB[0]![0]! });

describe('the averaging attack', () => {
  it('averages number by number: (1, 3) and (3, 5) give (2, 4)', () => {
    expect(averageOf([adapter([1, 3]), adapter([3, 5])])).toEqual(adapter([2, 4]));
    expect(() => averageOf([])).toThrow('adapters must be at least 1');
  });

  it('measures ‖(3, 4) − (3, 0)‖ / ‖(3, 0)‖ = 4/3, without A where A does not travel', () => {
    expect(relativeDistance(adapter([3, 4]), adapter([3, 0]), ['B'])).toBeCloseTo(4 / 3, 12);
    // √(16 / (9 + 2)) with A's two ones
    expect(relativeDistance(adapter([3, 4]), adapter([3, 0]), ['A', 'B'])).toBeCloseTo(1.20605, 5);
    expect(relativeDistance(adapter([1, 1]), adapter([0, 0]), ['B'])).toBeNull();
  });

  it('takes the last N of the proxies, for each N that there are', async () => {
    const proxies = [9, 1, 2, 3, 4, 5].map((value) => adapter([value, 0]));
    const figures = await averagingAttack(proxies, adapter([4, 0]), ['B'], score);
    expect(figures.map(({ proxies: count, loss }) => [count, loss])).toEqual([
      [1, 5],
      [5, 3], // (1 + 2 + 3 + 4 + 5) / 5
    ]);
    expect(figures.map(({ distance }) => distance)).toEqual([1 / 4, 1 / 4]);
  });

  it('comes nearer than one proxy where the hub’s adapter drifts through the cells of the codebook', async () => {
    const random = seededRandom('drift');
    const settings = { codebookBits: 2, blockSize: 64 } as const;
    const base = Float32Array.from({ length: 256 }, () => uniform(random) - 0.5);
    const hubs = Array.from({ length: 20 }, () =>
      base.map((value) => value + 0.3 * (uniform(random) - 0.5)),
    );
    const through = (values: Float32Array): AdapterWeights => ({
      loraA: [Float32Array.of(0, 0)],
      loraB: [decodeCodebook(encodeCodebook(values, settings), { ...settings, length: 256 })],
    });
    const target = { loraA: [Float32Array.of(0, 0)], loraB: [base] };
    const figures = await averagingAttack(hubs.map(through), target, ['B'], score);
    expect(figures.map(({ proxies }) => proxies)).toEqual([1, 5, 10, 20]);
    expect(figures[3]!.distance!).toBeLessThan(0.8 * figures[0]!.distance!);
  });
});
