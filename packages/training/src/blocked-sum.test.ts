import { seededRandom, uniform } from '@roundtable/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_ROWS, mostRows, sumOfProducts, weightedRowSum } from './blocked-sum.ts';
import {
  clipByHand,
  gradientChecks,
  relativeDistance,
  separableRows,
  tinyTask,
  tinyTraining,
  useBackend,
} from './testing/index.ts';

const random = seededRandom('blocked');
const matrixOf = (rows: number, columns: number): Float32Array =>
  Float32Array.from({ length: rows * columns }, () => uniform(random) - 0.5);

describe.each(['cpu', 'wasm'] as const)('sums in blocks on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('are those of one product, and of arithmetic in double precision', async () => {
    const [rows, r, columns] = [48, 3, 5];
    const left = matrixOf(rows, r);
    const right = matrixOf(rows, columns);
    const factors = matrixOf(rows, 1);
    const products = new Float64Array(r * columns);
    const sums = new Float64Array(columns);
    for (let row = 0; row < rows; row += 1) {
      for (let j = 0; j < columns; j += 1) {
        const value = right[row * columns + j]!;
        sums[j]! += factors[row]! * value;
        for (let i = 0; i < r; i += 1) products[i * columns + j]! += left[row * r + i]! * value;
      }
    }
    for (const isBlocked of [false, true]) {
      const [product, sum] = tf.tidy(() => [
        sumOfProducts(tf.tensor2d(left, [rows, r]), tf.tensor2d(right, [rows, columns]), isBlocked),
        weightedRowSum(factors, tf.tensor2d(right, [rows, columns]), isBlocked),
      ]);
      expect(product.shape).toEqual([r, columns]);
      expect(sum.shape).toEqual([1, columns]);
      expect(relativeDistance((await product.data()) as Float32Array, products)).toBeLessThan(1e-6);
      expect(relativeDistance((await sum.data()) as Float32Array, sums)).toBeLessThan(1e-6);
      tf.dispose([product, sum]);
    }
  });

  it.each([
    { name: 'one row per example', modules: ['o_proj', 'down_proj'], layers: [-1], trainsA: false },
    { name: 'many rows per example', modules: ['q_proj'], layers: 'all' as const, trainsA: true },
  ])('give the clipped sum by hand: $name', async ({ modules, layers, trainsA }) => {
    const tiny = await tinyTraining({ modules, layers, rows: separableRows(19, 'blocks') });
    const checks = await gradientChecks(tiny, tinyTask, trainsA);
    const bound = 0.7 * Math.max(...checks.norms);
    const byHand = clipByHand(checks.oneAtATime, bound);
    expect(relativeDistance(await checks.clippedSum(bound, 12), byHand)).toBeLessThan(1e-5);
    checks.dispose();
    tiny.model.dispose();
  });
});

describe('mostRows', () => {
  it('keeps a block and the blocks within the chain: 8 + n/8', () => {
    expect(mostRows(62)).toBe(8 * (62 - 8));
    expect(BLOCK_ROWS + mostRows(62) / BLOCK_ROWS).toBe(62);
    expect(mostRows(256)).toBeGreaterThan(256);
  });

  it('is the chain itself where blocks would gain nothing', () => {
    expect(mostRows(5)).toBe(5);
    expect(mostRows(9)).toBe(9);
  });
});
