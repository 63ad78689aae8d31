import type { Matrix } from './matrix.ts';
import { matrix, transpose } from './matrix.ts';

// Golub and Van Loan, Matrix Computations, 4th edition, algorithms 5.2.1 and 5.1.6 (Householder). Only + − * /
// and square roots, all exactly rounded by the standard: the bits are the same on every engine.

/**
 * The thin QR factorization a = q · r of a tall matrix: `q` has a's shape and orthonormal columns, `r` is upper
 * triangular with a diagonal ≥ 0. Columns that depend on earlier ones leave a zero on the diagonal of `r`.
 * @throws if a has more columns than rows or a value that is not finite
 */
export function thinQr(a: Matrix): { q: Matrix; r: Matrix } {
  if (a.rows < a.cols) {
    throw new RangeError(`a must have rows ≥ cols, got ${a.rows} × ${a.cols}`);
  }
  if (!a.data.every(Number.isFinite)) throw new RangeError('a must hold finite values only');
  const work = matrix(a.rows, a.cols, a.data.slice());
  const reflectors: Float64Array[] = [];
  for (let k = 0; k < a.cols; k += 1) {
    const reflector = householder(work, k);
    reflectors.push(reflector);
    reflect(work, reflector, k, k);
  }
  const q = matrix(a.rows, a.cols);
  for (let k = 0; k < a.cols; k += 1) q.data[k * a.cols + k] = 1;
  for (let k = a.cols - 1; k >= 0; k -= 1) reflect(q, reflectors[k]!, k, k);
  return withPositiveDiagonal(q, upperTriangle(work));
}

/**
 * The rows of `a` made orthonormal, each a combination of the rows before it and itself with a positive share of
 * itself (what Gram–Schmidt yields).
 * @throws if a has more rows than columns, rows that depend on each other, or a value that is not finite
 */
export function orthonormalizeRows(a: Matrix): Matrix {
  if (a.rows > a.cols) {
    throw new RangeError(`orthonormal rows need rows ≤ cols, got ${a.rows} × ${a.cols}`);
  }
  const { q, r } = thinQr(transpose(a));
  const diagonal = Array.from({ length: a.rows }, (_, k) => r.data[k * a.rows + k]!);
  const smallest = Math.min(...diagonal);
  if (!(smallest > 1e-12 * Math.max(...diagonal))) {
    throw new RangeError(`rows must be independent, got a residual of ${smallest}`);
  }
  return transpose(q);
}

// The unit vector v (its first k values zero) for which x − 2v(v·x) clears column k below the diagonal.
function householder(work: Matrix, k: number): Float64Array {
  const v = new Float64Array(work.rows);
  let largest = 0;
  for (let i = k; i < work.rows; i += 1) {
    v[i] = work.data[i * work.cols + k]!;
    largest = Math.max(largest, Math.abs(v[i]!));
  }
  if (largest === 0) return v;
  // Scaled first, so that squares of tiny or huge values neither vanish nor overflow.
  for (let i = k; i < v.length; i += 1) v[i]! /= largest;
  const norm = normFrom(v, k);
  v[k]! += v[k]! < 0 ? -norm : norm;
  const length = normFrom(v, k);
  for (let i = k; i < v.length; i += 1) v[i]! /= length;
  return v;
}

function normFrom(v: Float64Array, start: number): number {
  let squares = 0;
  for (let i = start; i < v.length; i += 1) squares += v[i]! * v[i]!;
  return Math.sqrt(squares);
}

function reflect(target: Matrix, v: Float64Array, firstRow: number, firstCol: number): void {
  const { rows, cols, data } = target;
  for (let j = firstCol; j < cols; j += 1) {
    let product = 0;
    for (let i = firstRow; i < rows; i += 1) product += v[i]! * data[i * cols + j]!;
    for (let i = firstRow; i < rows; i += 1) data[i * cols + j]! -= 2 * v[i]! * product;
  }
}

function upperTriangle(work: Matrix): Matrix {
  const r = matrix(work.cols, work.cols);
  for (let i = 0; i < work.cols; i += 1) {
    for (let j = i; j < work.cols; j += 1) r.data[i * r.cols + j] = work.data[i * work.cols + j]!;
  }
  return r;
}

function withPositiveDiagonal(q: Matrix, r: Matrix): { q: Matrix; r: Matrix } {
  for (let k = 0; k < r.rows; k += 1) {
    if (r.data[k * r.cols + k]! >= 0) continue;
    for (let j = k; j < r.cols; j += 1) r.data[k * r.cols + j]! *= -1;
    for (let i = 0; i < q.rows; i += 1) q.data[i * q.cols + k]! *= -1;
  }
  return { q, r };
}
