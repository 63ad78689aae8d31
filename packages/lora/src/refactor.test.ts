import {
  frobeniusNorm,
  matmul,
  matrix,
  symmetricEigen,
  thinQr,
  transpose,
} from '@roundtable/linalg';
import type { Matrix } from '@roundtable/linalg';
import { seededRandom, uniform } from '@roundtable/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialWeights } from './initial.ts';
import { refactorAdapter } from './refactor.ts';
import type { AdapterSpec } from './spec.ts';
import type { AdapterWeights } from './weights.ts';

const spec = (aInit: AdapterSpec['aInit'] = 'kaiming'): AdapterSpec => ({
  rank: 4,
  alpha: 4,
  aInit,
  aSeed: 'refactor',
  fanInFanOut: false,
  targets: [
    { module: 'o', inFeatures: 24, outFeatures: 16, layer: 0 },
    { module: 'down', inFeatures: 12, outFeatures: 20, layer: 0 },
  ],
});
const factors = (weights: AdapterWeights, i: number, { rank, targets }: AdapterSpec) => {
  const { inFeatures, outFeatures } = targets[i]!;
  return {
    a: matrix(rank, inFeatures, Float64Array.from(weights.loraA[i]!)),
    b: matrix(outFeatures, rank, Float64Array.from(weights.loraB[i]!)),
  };
};
const difference = (x: Matrix, y: Matrix): Matrix =>
  matrix(
    x.rows,
    x.cols,
    x.data.map((value, i) => value - y.data[i]!),
  );
const identity = (n: number): Matrix =>
  matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  );
const moved = (weights: AdapterWeights, seed: string): AdapterWeights => {
  const random = seededRandom(seed);
  return {
    loraA: weights.loraA,
    loraB: weights.loraB.map((b) => b.map((value) => value + 0.2 * (uniform(random) - 0.5))),
  };
};
// cos of the largest angle between two row spaces: the smallest singular value of Q₁ᵀQ₂.
const largestAngle = (first: Matrix, second: Matrix): number => {
  const cosines = matmul(transpose(thinQr(transpose(first)).q), thinQr(transpose(second)).q);
  const { values } = symmetricEigen(matmul(transpose(cosines), cosines));
  // sin² = 1 − cos², which stays exact where the angle is small.
  return Math.asin(Math.sqrt(Math.max(0, 1 - values.at(-1)!)));
};

describe('the refactoring of FedSVD', () => {
  it('keeps B·A within 1e-5 and makes the rows of A orthonormal within 1e-4, for any B', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 8 }), (seed) => {
        const before = moved(initialWeights(spec()), seed);
        const after = refactorAdapter(before, spec());
        for (const i of [0, 1]) {
          const old = factors(before, i, spec());
          const fresh = factors(after, i, spec());
          const product = matmul(old.b, old.a);
          const error = frobeniusNorm(difference(product, matmul(fresh.b, fresh.a)));
          expect(error / frobeniusNorm(product)).toBeLessThan(1e-5);
          const gram = matmul(fresh.a, transpose(fresh.a));
          expect(frobeniusNorm(difference(gram, identity(4)))).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('never leaves the row space of the first A: after 6 rounds the largest angle is below 1e-4 rad', () => {
    let weights = initialWeights(spec());
    const first = factors(weights, 0, spec()).a;
    for (let round = 1; round <= 6; round += 1) {
      weights = refactorAdapter(moved(weights, `round ${round}`), spec());
    }
    expect(largestAngle(first, factors(weights, 0, spec()).a)).toBeLessThan(1e-4);
    // The measure itself can fail: another random A lies elsewhere.
    const other = factors(initialWeights({ ...spec(), aSeed: 'other' }), 0, spec()).a;
    expect(largestAngle(first, other)).toBeGreaterThan(0.5);
  });

  it('keeps the row space also where B is zero or has rank 1', () => {
    const zero = initialWeights(spec());
    const rankOne: AdapterWeights = {
      ...zero,
      loraB: zero.loraB.map((b) => b.map((_, i) => (i % 4 === 1 ? 1 + (i % 3) : 0))),
    };
    for (const weights of [zero, rankOne]) {
      const after = refactorAdapter(weights, spec());
      const angle = largestAngle(factors(weights, 0, spec()).a, factors(after, 0, spec()).a);
      expect(angle).toBeLessThan(1e-4);
    }
    expect(refactorAdapter(zero, spec()).loraB[0]!.every((value) => value === 0)).toBe(true);
  });

  it('sorts the columns of B by falling length', () => {
    const { b } = factors(refactorAdapter(moved(initialWeights(spec()), 's'), spec()), 1, spec());
    const lengths = [0, 1, 2, 3].map((j) =>
      Math.hypot(...Array.from({ length: b.rows }, (_, i) => b.data[i * 4 + j]!)),
    );
    expect(lengths).toEqual([...lengths].sort((x, y) => y - x));
  });
});
