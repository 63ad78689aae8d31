import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { seenShaderErrors, useBrowserBackend } from '../testing/browser-backends.ts';
import { normals } from '../testing/tiny-model.ts';
import { installBarrierFreeKernels, removeBarrierFreeKernels } from './barrier-free.ts';

function random(shape: number[], seed: number): tf.Tensor {
  const draw = normals(seed);
  return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, draw), shape);
}

/** Worst difference between webgpu with the own kernels and cpu, over the largest value. */
async function worstDifference(build: () => tf.Tensor): Promise<number> {
  await useBrowserBackend('cpu');
  const reference = tf.tidy(build);
  const expected = Float32Array.from(await reference.data());
  await useBrowserBackend('webgpu');
  const result = tf.tidy(build);
  const found = Float32Array.from(await result.data());
  expect(result.shape).toEqual(reference.shape);
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(size).toBeGreaterThan(0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0) / size;
}

beforeAll(() => {
  installBarrierFreeKernels();
});
afterAll(removeBarrierFreeKernels);
afterEach(() => {
  expect(seenShaderErrors()).toEqual([]);
});

// cpu sums in the same order but in float64 where it can: 1e-6 per number of a sum of up to 70.
const TOLERANCE = 1e-5;

describe('barrier-free kernels on webgpu against cpu', () => {
  it.each([
    [5, 7, 8, false, false],
    [5, 7, 9, false, false],
    [6, 70, 12, true, false],
    [6, 7, 12, false, true],
    [6, 7, 10, true, true],
    [1, 1, 4, false, false],
  ])('product of %i × %i and × %i, transposed %s and %s', async (m, k, n, ta, tb) => {
    const build = () =>
      tf.matMul(
        random([3, ...(ta ? [k, m] : [m, k])], 1),
        random([3, ...(tb ? [n, k] : [k, n])], 2),
        ta,
        tb,
      );
    expect(await worstDifference(build)).toBeLessThan(TOLERANCE);
  });

  it('a product whose right factor is shared by the batch', async () => {
    const build = () => tf.matMul(random([4, 5, 6], 1), random([1, 6, 8], 2));
    expect(await worstDifference(build)).toBeLessThan(TOLERANCE);
  });

  it.each(['sum', 'mean', 'max'] as const)(
    '%s over the last, a middle and two axes',
    async (kind) => {
      for (const [axis, keep] of [
        [-1, true],
        [1, false],
        [[1, 2], false],
      ] as const) {
        const axes = typeof axis === 'number' ? axis : [...axis];
        const build = () => tf[kind](random([10, 6, 9], 3), axes, keep);
        expect(await worstDifference(build)).toBeLessThan(TOLERANCE);
      }
    },
  );

  it('softmax rows of mixed sizes, with hidden entries', async () => {
    const build = () => tf.softmax(tf.mul(random([4, 5, 33], 4), 30));
    expect(await worstDifference(build)).toBeLessThan(TOLERANCE);
  });

  it('are in place, and go when removed', () => {
    const own = tf.getKernel('Softmax', 'webgpu').kernelFunc;
    removeBarrierFreeKernels();
    expect(tf.getKernel('Softmax', 'webgpu').kernelFunc).not.toBe(own);
    installBarrierFreeKernels();
  });
});
