import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as Oracle, QrDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from './eigen.ts';
import type { Matrix } from './matrix.ts';
import { frobeniusNorm, l2Norm, matmul, matrix, transpose } from './matrix.ts';
import { orthonormalizeRows, thinQr } from './qr.ts';

const oracle = (a: Matrix) => Oracle.from1DArray(a.rows, a.cols, a.data);
const distance = (a: Matrix, b: Matrix) =>
  frobeniusNorm(
    matrix(
      a.rows,
      a.cols,
      a.data.map((x, i) => x - b.data[i]!),
    ),
  );
const identity = (n: number) => {
  const result = matrix(n, n);
  for (let i = 0; i < n; i += 1) result.data[i * n + i] = 1;
  return result;
};

const anyMatrix = (rows: fc.Arbitrary<number>, cols: fc.Arbitrary<number>) =>
  fc.tuple(rows, cols).chain(([m, n]) =>
    fc
      .array(fc.double({ min: -100, max: 100, noNaN: true }), {
        minLength: m * n,
        maxLength: m * n,
      })
      .map((values) => matrix(m, n, Float64Array.from(values))),
  );
const size = (min: number, max: number) => fc.integer({ min, max });

describe('matmul and transpose', () => {
  it('multiplies [[1,2],[3,4]] by [[5],[6]] to [[17],[39]]', () => {
    const product = matmul(
      matrix(2, 2, Float64Array.of(1, 2, 3, 4)),
      matrix(2, 1, Float64Array.of(5, 6)),
    );
    expect([...product.data]).toEqual([1 * 5 + 2 * 6, 3 * 5 + 4 * 6]);
  });

  it('agrees with ml-matrix', () => {
    const pair = anyMatrix(size(1, 6), size(1, 6)).chain((a) =>
      fc.tuple(fc.constant(a), anyMatrix(fc.constant(a.cols), size(1, 6))),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(matmul(a, b).data).toEqual(Float64Array.from(oracle(a).mmul(oracle(b)).to1DArray()));
        expect([...transpose(a).data]).toEqual(oracle(a).transpose().to1DArray());
      }),
    );
  });

  it('refuses sizes that do not fit, by name', () => {
    expect(() => matmul(matrix(2, 3), matrix(2, 3))).toThrow(
      'a.cols must equal b.rows, got 3 and 2',
    );
    expect(() => matrix(0, 3)).toThrow('rows must be an integer ≥ 1, got 0');
    expect(() => matrix(2, 2, new Float64Array(3))).toThrow('2 × 2 values, got 3');
  });
});

describe('norms', () => {
  it('is 5 for 3 and 4, 0 for nothing, NaN for a NaN', () => {
    expect(l2Norm(Float32Array.of(3, 4))).toBe(5);
    expect(l2Norm(new Float32Array(0))).toBe(0);
    expect(l2Norm(Float64Array.of(1, NaN))).toBeNaN();
    expect(frobeniusNorm(matrix(2, 2, Float64Array.of(1, 1, 1, 1)))).toBe(2);
  });
});

describe('thinQr', () => {
  const tall = size(1, 6).chain((cols) => anyMatrix(size(cols, 12), fc.constant(cols)));

  it('gives back a, with orthonormal columns and a triangle of diagonal ≥ 0', () => {
    fc.assert(
      fc.property(tall, (a) => {
        const { q, r } = thinQr(a);
        expect(distance(matmul(q, r), a)).toBeLessThanOrEqual(1e-12 * (frobeniusNorm(a) + 1e-300));
        expect(distance(matmul(transpose(q), q), identity(a.cols))).toBeLessThan(1e-12);
        for (let i = 0; i < r.rows; i += 1) {
          expect(r.data[i * r.cols + i]).toBeGreaterThanOrEqual(0);
          for (let j = 0; j < i; j += 1) expect(r.data[i * r.cols + j]).toBe(0);
        }
      }),
    );
  });

  it('agrees with ml-matrix up to the signs of the columns', () => {
    const a = matrix(
      9,
      4,
      Float64Array.from({ length: 36 }, (_, i) => Math.sin(1 + i * i)),
    );
    const expected = new QrDecomposition(oracle(a)).orthogonalMatrix.to1DArray();
    const { q } = thinQr(a);
    q.data.forEach((x, i) => {
      expect(Math.abs(x)).toBeCloseTo(Math.abs(expected[i]!), 12);
    });
  });

  it('factors [3, 4] into [0.6, 0.8] times 5', () => {
    const { q, r } = thinQr(matrix(2, 1, Float64Array.of(3, 4)));
    expect(r.data[0]).toBeCloseTo(5, 14);
    expect(q.data[0]).toBeCloseTo(0.6, 14);
    expect(q.data[1]).toBeCloseTo(0.8, 14);
  });

  it('survives a zero column and values of 1e-200 and 1e200', () => {
    for (const scale of [1e-200, 1e200]) {
      const a = matrix(3, 2, Float64Array.of(scale, 0, scale, 0, scale, 0));
      const { q, r } = thinQr(a);
      expect(distance(matmul(transpose(q), q), identity(2))).toBeLessThan(1e-12);
      expect(r.data[0]! / scale).toBeCloseTo(Math.sqrt(3), 12);
      expect(r.data[3]).toBe(0);
    }
  });

  it('refuses a wide matrix and NaN', () => {
    expect(() => thinQr(matrix(2, 3))).toThrow('rows ≥ cols, got 2 × 3');
    expect(() => thinQr(matrix(1, 1, Float64Array.of(NaN)))).toThrow('finite');
  });
});

describe('orthonormalizeRows', () => {
  it('turns [[2,0],[1,1]] into the unit vectors', () => {
    const rows = orthonormalizeRows(matrix(2, 2, Float64Array.of(2, 0, 1, 1)));
    [1, 0, 0, 1].forEach((x, i) => {
      expect(rows.data[i]).toBeCloseTo(x, 14);
    });
  });

  it('keeps the row space: each old row is a combination of the new ones', () => {
    const a = matrix(
      4,
      20,
      Float64Array.from({ length: 80 }, (_, i) => Math.cos(i * i + 1)),
    );
    const rows = orthonormalizeRows(a);
    const projected = matmul(matmul(a, transpose(rows)), rows);
    expect(distance(projected, a)).toBeLessThan(1e-12);
  });

  it('refuses more rows than columns, and dependent rows', () => {
    expect(() => orthonormalizeRows(matrix(3, 2))).toThrow('rows ≤ cols, got 3 × 2');
    expect(() => orthonormalizeRows(matrix(2, 2, Float64Array.of(1, 1, 2, 2)))).toThrow(
      /independent/,
    );
    expect(() => orthonormalizeRows(matrix(1, 2))).toThrow(/independent/);
  });
});

describe('symmetricEigen', () => {
  const symmetric = size(1, 8)
    .chain((n) => anyMatrix(fc.constant(n), fc.constant(n)))
    .map((a) => {
      const t = transpose(a);
      return matrix(
        a.rows,
        a.cols,
        a.data.map((x, i) => x + t.data[i]!),
      );
    });

  it('has 3 and 1 for [[2,1],[1,2]]', () => {
    const { values } = symmetricEigen(matrix(2, 2, Float64Array.of(2, 1, 1, 2)));
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
  });

  it('agrees with ml-matrix, falls, and its vectors are orthonormal and diagonalize', () => {
    fc.assert(
      fc.property(symmetric, (a) => {
        const { values, vectors } = symmetricEigen(a);
        const scale = 1e-11 * (frobeniusNorm(a) + 1e-12);
        const expected = new EigenvalueDecomposition(oracle(a), { assumeSymmetric: true });
        const falling = [...expected.realEigenvalues].sort((x, y) => y - x);
        falling.forEach((x, i) => {
          expect(Math.abs(values[i]! - x)).toBeLessThanOrEqual(scale);
        });
        expect(distance(matmul(transpose(vectors), vectors), identity(a.rows))).toBeLessThan(1e-12);
        const scaled = matrix(
          a.rows,
          a.rows,
          vectors.data.map((x, i) => x * values[i % a.rows]!),
        );
        expect(distance(matmul(a, vectors), scaled)).toBeLessThanOrEqual(scale);
      }),
    );
  });

  it('refuses other shapes, asymmetry and NaN', () => {
    expect(() => symmetricEigen(matrix(1, 2))).toThrow('square, got 1 × 2');
    expect(() => symmetricEigen(matrix(2, 2, Float64Array.of(1, 2, 3, 4)))).toThrow(/symmetric/);
    expect(() => symmetricEigen(matrix(1, 1, Float64Array.of(NaN)))).toThrow(/finite/);
  });
});
